//! Which limits there are, and by what a caller is counted.

use std::net::IpAddr;

use domain::ids::AccountId;
use uuid::Uuid;

use crate::config::{Limit, Limits};

macro_rules! limit_kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:ident $shared:literal),+ $(,)?) => {
        /// A limit of [`Limits`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum LimitKind {
            $($(#[$doc])* $kind,)+
        }

        impl LimitKind {
            /// All limits.
            pub const ALL: &'static [Self] = &[$(Self::$kind),+];

            /// Its key in the configuration.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => stringify!($name)),+ }
            }

            /// Its setting.
            #[must_use]
            pub const fn limit(self, limits: &Limits) -> Limit {
                match self { $(Self::$kind => limits.$name),+ }
            }

            /// Whether all processes count it together.
            #[must_use]
            pub const fn is_shared(self) -> bool {
                match self { $(Self::$kind => $shared),+ }
            }
        }
    };
}

limit_kinds! {
    /// Scans and directory pages by address.
    ReadByAddress = read_by_address false,
    /// Scans of one code.
    ScanByCode = scan_by_code false,
    /// Posters by address.
    DrawByAddress = draw_by_address false,
    /// New cases of one account.
    IntakeByAccount = intake_by_account true,
    /// New cases through one code.
    IntakeByCode = intake_by_code true,
    /// New cases from one address.
    IntakeByAddress = intake_by_address true,
    /// Uploads from one address.
    UploadByAddress = upload_by_address true,
    /// Uses of one ticket.
    UseByTicket = use_by_ticket false,
    /// Wrong tickets and numbers from one address.
    TrackingByAddress = tracking_by_address true,
    /// Logins from one address.
    LoginByAddress = login_by_address true,
    /// All other calls of one account.
    UseByAccount = use_by_account false,
}

/// By what a caller is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LimitKey<'k> {
    /// An address of IPv4.
    V4([u8; 4]),
    /// A /64 network of IPv6: one home has a whole one, and may take a new address at will.
    V6([u8; 8]),
    /// An account.
    Account(Uuid),
    /// A ticket or a code.
    Text(&'k str),
}

impl LimitKey<'_> {
    /// The key as bytes, for hashing.
    pub(super) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::V4(bytes) => bytes,
            Self::V6(bytes) => bytes,
            Self::Account(id) => id.as_bytes(),
            Self::Text(text) => text.as_bytes(),
        }
    }
}

impl From<IpAddr> for LimitKey<'_> {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(address) => Self::V4(address.octets()),
            IpAddr::V6(address) => {
                let [a, b, c, d, e, f, g, h, ..] = address.octets();
                Self::V6([a, b, c, d, e, f, g, h])
            }
        }
    }
}

impl From<AccountId> for LimitKey<'_> {
    fn from(id: AccountId) -> Self {
        Self::Account(id.0)
    }
}

impl<'k> From<&'k str> for LimitKey<'k> {
    fn from(text: &'k str) -> Self {
        Self::Text(text)
    }
}
