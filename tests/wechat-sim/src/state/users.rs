//! The people who use the mini-program, as WeChat knows them.

use std::collections::BTreeMap;

use aws_lc_rs::digest;
use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

/// A user to create, or what to change of one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserSpec {
    /// The short name that drivers use, such as `demo-resident`.
    pub user: String,
    /// Left out, it is derived from the name by [`openid_of`].
    pub openid: Option<String>,
    /// Only accounts bound to an Open Platform account have one.
    pub unionid: Option<String>,
    /// The mainland number that `getPhoneNumber` gives, without country code.
    pub phone: Option<String>,
}

impl UserSpec {
    /// A user with a phone number.
    #[must_use]
    pub fn with_phone(user: &str, phone: &str) -> Self {
        Self { user: user.to_owned(), phone: Some(phone.to_owned()), ..Self::default() }
    }

    /// The five users of the local run, with invented numbers.
    #[must_use]
    pub fn demo() -> Vec<Self> {
        ["resident", "member", "manager", "officer", "admin"]
            .into_iter()
            .zip(1..)
            .map(|(role, n)| Self::with_phone(&format!("demo-{role}"), &format!("1990000000{n}")))
            .collect()
    }
}

/// One person, with what WeChat keeps about them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct User {
    /// The short name that drivers use.
    pub user: String,
    /// The person's id within the mini-program: 28 characters that start with `o`.
    pub openid: String,
    /// The person's id across mini-programs of one owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unionid: Option<String>,
    /// The mainland number, without country code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// 0 (harmless) to 4 (login refused).
    pub risk_rank: u8,
    /// When the person last opened the mini-program; content checks look at it.
    pub last_visit_at: Option<DateTime<Utc>>,
    /// The key of the present `wx.login` session.
    #[serde(skip)]
    pub(crate) session_key: Option<String>,
}

/// All users by their short name.
#[derive(Debug, Default)]
pub(crate) struct Users(BTreeMap<String, User>);

impl Users {
    /// Creates the user, or changes those of its fields that the specification names.
    pub(crate) fn put(&mut self, spec: UserSpec) -> User {
        let user = self.0.entry(spec.user.clone()).or_insert_with(|| User {
            openid: openid_of(&spec.user),
            user: spec.user,
            unionid: None,
            phone: None,
            risk_rank: 0,
            last_visit_at: None,
            session_key: None,
        });
        if let Some(openid) = spec.openid {
            user.openid = openid;
        }
        user.unionid = spec.unionid.or(user.unionid.take());
        user.phone = spec.phone.or(user.phone.take());
        user.clone()
    }

    /// Finds a user by short name, else by openid.
    pub(crate) fn find_mut(&mut self, name_or_openid: &str) -> Option<&mut User> {
        if self.0.contains_key(name_or_openid) {
            return self.0.get_mut(name_or_openid);
        }
        self.0.values_mut().find(|user| user.openid == name_or_openid)
    }

    pub(crate) fn find_by_openid(&self, openid: &str) -> Option<&User> {
        self.0.values().find(|user| user.openid == openid)
    }

    pub(crate) fn list(&self) -> Vec<User> {
        self.0.values().cloned().collect()
    }
}

/// The openid that a user of this name has in every run: `o` and 27 characters of a digest of the name.
#[must_use]
pub fn openid_of(user: &str) -> String {
    let hash = digest::digest(&digest::SHA256, format!("wechat-sim openid {user}").as_bytes());
    let mut openid = format!("o{}", BASE64URL_NOPAD.encode(hash.as_ref()));
    openid.truncate(28);
    openid
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_openid_has_28_characters_starts_with_o_and_differs_by_name() {
        let (one, other) = (openid_of("demo-resident"), openid_of("demo-member"));
        assert_eq!(one.len(), 28);
        assert!(one.starts_with('o'));
        assert_ne!(one, other);
    }

    #[test]
    fn the_demo_users_keep_their_openids_for_ever() {
        let openids: Vec<_> = UserSpec::demo().iter().map(|spec| openid_of(&spec.user)).collect();
        let pinned = [
            "ovh-czH4GN4U3cLs0-50u-SJQSnD",
            "o8aPh_JH4zV1nkLbUQOiOVb6-X2C",
            "o3mA4SACciUl7Apuk1VOZ2sQoLqb",
            "ondpd8WS_CE3XM32ZvohKpUtSfk7",
            "oV4v2d1MrmfQArmXP3zGM2V58Ecx",
        ];
        assert_eq!(openids, pinned);
    }

    #[test]
    fn putting_a_user_again_changes_only_what_is_named() {
        let mut users = Users::default();
        let first = users.put(UserSpec::with_phone("wang", "19900000009"));
        let second =
            users.put(UserSpec { user: "wang".into(), unionid: Some("u1".into()), ..UserSpec::default() });
        assert_eq!(second, User { unionid: Some("u1".into()), ..first });
    }
}
