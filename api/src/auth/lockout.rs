//! How long a login must wait after wrong passwords. Pure.

use chrono::TimeDelta;

/// So many wrong passwords pass without a wait: people mistype.
const FREE: i32 = 4;
/// The longest wait.
const LONGEST: TimeDelta = TimeDelta::minutes(15);

/// The wait after so many wrong passwords in a row: 2 s after the fifth, then doubling up to 15
/// minutes. Nobody is locked out for good, or anybody could lock out anybody.
#[must_use]
pub fn delay_after(failures: i32) -> Option<TimeDelta> {
    let doublings = u32::try_from(failures - FREE).ok().filter(|&n| n > 0)?;
    let seconds = 2_i64.checked_pow(doublings).unwrap_or(i64::MAX);
    Some(TimeDelta::try_seconds(seconds).map_or(LONGEST, |delay| delay.min(LONGEST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_begins_with_the_fifth_and_doubles_up_to_a_quarter_of_an_hour() {
        let seconds = |failures| delay_after(failures).map(|delay| delay.num_seconds());
        assert_eq!([-1, 0, 4].map(seconds), [None; 3]);
        assert_eq!([5, 6, 7, 13].map(seconds), [2, 4, 8, 512].map(Some));
        assert_eq!([14, 70, i32::MAX].map(seconds), [Some(900); 3]);
    }
}
