//! Lists of ids in a few lengths only: a statement is prepared, planned and kept for each length that it is
//! sent with.

/// The lengths. A page of 20, 50 or 100 is asked for with one more, to see whether there is a next one.
const LENGTHS: [usize; 6] = [1, 6, 21, 51, 101, 501];

/// The ids, filled up with the last of them. Longer lists stay as they are.
pub(super) fn padded<T: Copy>(ids: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.into_iter().collect();
    let length = LENGTHS.iter().find(|length| **length >= ids.len());
    if let (Some(length), Some(last)) = (length, ids.last().copied()) {
        ids.resize(*length, last);
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_and_few_lengths_are_left() {
        assert!(padded([0_u8; 0]).is_empty());
        for length in 1..=600 {
            let filled = padded(0..length);
            assert_eq!(filled[..length], (0..length).collect::<Vec<_>>());
            assert!(filled[length..].iter().all(|id| *id == length - 1));
            assert!(LENGTHS.contains(&filled.len()) || length > 501);
        }
    }
}
