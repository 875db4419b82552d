//! The two kinds of one-time codes. WeChat refuses one in place of the other, so they are two types.

/// The longest code that is passed on to WeChat, in bytes; real ones have 32 to 64.
const MAX: usize = 128;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Takes 1 to 128 printable ASCII characters; nothing else can be a code.
            #[must_use]
            pub fn parse(raw: &str) -> Option<Self> {
                let plain = raw.bytes().all(|byte| byte.is_ascii_graphic());
                (plain && (1..=MAX).contains(&raw.len())).then(|| Self(raw.to_owned()))
            }

            pub(super) fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(****)"))
            }
        }
    )+};
}

codes! {
    /// What `wx.login` gives: good once, for five minutes.
    LoginCode,
    /// What the phone button gives: good once, for five minutes.
    PhoneCode,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_short_printable_and_never_printed() {
        assert!(LoginCode::parse("0a1B_-").is_some() && LoginCode::parse(&"x".repeat(128)).is_some());
        for bad in ["", "a b", "码", "a\n", &"x".repeat(129)] {
            assert!(PhoneCode::parse(bad).is_none(), "{bad}");
        }
        assert_eq!(format!("{:?}", LoginCode::parse("secret").unwrap()), "LoginCode(****)");
    }
}
