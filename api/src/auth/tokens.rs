//! Access tokens: JWTs of one algorithm, signed by the first configured key, verified by all.
//!
//! A token says who and since which login; what the account may do is looked up.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{AccountId, TokenFamilyId};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, decode_header, encode};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use crate::config;

/// How far the clocks of two of our servers may differ, in seconds.
const LEEWAY: i64 = 5;

/// A token is no good.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It was good once.
    #[error("the token is over its time")]
    Expired,
    /// It is not valid yet.
    #[error("the token is not valid yet")]
    TooEarly,
    /// Its key is not ours.
    #[error("the token names no key of ours")]
    UnknownKey,
    /// It is none of ours, or was changed.
    #[error("the token is not genuine")]
    NotGenuine(#[source] jsonwebtoken::errors::Error),
    /// It can't be made.
    #[error("the token can't be made")]
    NotMade(#[source] jsonwebtoken::errors::Error),
    /// There is no key to make it with.
    #[error("no key is configured")]
    NoKey,
}

/// What a token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Claims {
    /// The account.
    #[serde(rename = "sub")]
    pub account_id: AccountId,
    /// The login that it descends from.
    #[serde(rename = "sid")]
    pub family_id: TokenFamilyId,
    nbf: i64,
    exp: i64,
}

/// What is written into a token.
#[derive(Serialize)]
struct Statement<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: AccountId,
    sid: TokenFamilyId,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// Makes and checks access tokens.
pub struct Tokens {
    issuer: String,
    audience: String,
    ttl: TimeDelta,
    header: Header,
    signing: EncodingKey,
    verifying: Vec<(String, DecodingKey)>,
    validation: Validation,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.verifying.iter().map(|(id, _)| id)).finish()
    }
}

impl Tokens {
    /// With the configured keys.
    ///
    /// # Errors
    /// There is none.
    pub fn new(config: &config::Auth) -> Result<Self, TokenError> {
        let first = config.keys.first().ok_or(TokenError::NoKey)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[&config.issuer]);
        validation.set_audience(&[&config.audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "nbf", "exp"]);
        // The library would ask the system's clock; ours is asked below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let verifying = config
            .keys
            .iter()
            .map(|key| (key.id.clone(), DecodingKey::from_secret(key.secret.expose_secret().as_bytes())));
        Ok(Self {
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            ttl: TimeDelta::seconds(i64::try_from(config.access_ttl_s).unwrap_or(i64::from(u16::MAX))),
            header: Header { kid: Some(first.id.clone()), ..Header::new(Algorithm::HS256) },
            signing: EncodingKey::from_secret(first.secret.expose_secret().as_bytes()),
            verifying: verifying.collect(),
            validation,
        })
    }

    /// How long a token lives.
    #[must_use]
    pub fn ttl(&self) -> TimeDelta {
        self.ttl
    }

    /// A token for an account, descending from a login.
    ///
    /// # Errors
    /// [`TokenError::NotMade`].
    pub fn issue(
        &self,
        account_id: AccountId,
        family_id: TokenFamilyId,
        now: DateTime<Utc>,
    ) -> Result<String, TokenError> {
        let statement = Statement {
            iss: &self.issuer,
            aud: &self.audience,
            sub: account_id,
            sid: family_id,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + self.ttl).timestamp(),
        };
        encode(&self.header, &statement, &self.signing).map_err(TokenError::NotMade)
    }

    /// What a genuine token says that is valid now.
    ///
    /// # Errors
    /// It is none of ours, changed, too early, or expired.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        let kid = decode_header(token).map_err(TokenError::NotGenuine)?.kid;
        let key = self.verifying.iter().find(|(id, _)| Some(id) == kid.as_ref());
        let (_, key) = key.ok_or(TokenError::UnknownKey)?;
        let claims: Claims = decode(token, key, &self.validation).map_err(TokenError::NotGenuine)?.claims;
        let now = now.timestamp();
        if now < claims.nbf.saturating_sub(LEEWAY) {
            return Err(TokenError::TooEarly);
        }
        if now >= claims.exp.saturating_add(LEEWAY) {
            return Err(TokenError::Expired);
        }
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    const ACCOUNT: AccountId = AccountId(Uuid::from_u128(1));
    const FAMILY: TokenFamilyId = TokenFamilyId(Uuid::from_u128(2));

    fn tokens(issuer: &str, audience: &str, keys: &[(&str, char)]) -> Tokens {
        let key = |(id, fill): &(&str, char)| config::SigningKey {
            id: (*id).to_owned(),
            secret: fill.to_string().repeat(40).into(),
        };
        Tokens::new(&config::Auth {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            keys: keys.iter().map(key).collect(),
            access_ttl_s: 900,
            refresh_ttl_days: 30,
            argon2_memory_kib: 8192,
            argon2_passes: 1,
            argon2_lanes: 1,
        })
        .unwrap()
    }

    fn ours() -> Tokens {
        tokens("us", "us", &[("a", 'a')])
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn signed(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
        let message = format!("{}.{}", part(header), part(claims));
        let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, "a".repeat(40).as_bytes());
        let signature = BASE64URL_NOPAD.encode(aws_lc_rs::hmac::sign(&key, message.as_bytes()).as_ref());
        format!("{message}.{signature}")
    }

    fn claims() -> Value {
        let at = now().timestamp();
        json!({ "iss": "us", "aud": "us", "sub": ACCOUNT, "sid": FAMILY, "nbf": at, "exp": at + 900 })
    }

    #[test]
    fn a_token_says_who_and_since_which_login() {
        let claims = ours().verify(&ours().issue(ACCOUNT, FAMILY, now()).unwrap(), now()).unwrap();
        assert_eq!((claims.account_id, claims.family_id), (ACCOUNT, FAMILY));
    }

    #[test]
    fn a_token_of_the_old_key_is_good_until_the_key_is_taken_away() {
        let token = ours().issue(ACCOUNT, FAMILY, now()).unwrap();
        let rotated = tokens("us", "us", &[("b", 'b'), ("a", 'a')]);
        assert!(rotated.verify(&token, now()).is_ok());
        let later = tokens("us", "us", &[("b", 'b')]);
        assert!(matches!(later.verify(&token, now()), Err(TokenError::UnknownKey)));
        let newer = rotated.issue(ACCOUNT, FAMILY, now()).unwrap();
        assert!(later.verify(&newer, now()).is_ok());
    }

    #[test]
    fn a_token_has_its_time() {
        let token = ours().issue(ACCOUNT, FAMILY, now()).unwrap();
        let at = |seconds| ours().verify(&token, now() + TimeDelta::seconds(seconds));
        assert!(matches!(at(-6), Err(TokenError::TooEarly)));
        assert!(at(-5).is_ok() && at(904).is_ok());
        assert!(matches!(at(905), Err(TokenError::Expired)));
    }

    #[test]
    fn a_foreign_or_changed_token_is_refused() {
        let genuine = ours().issue(ACCOUNT, FAMILY, now()).unwrap();
        let forged = tokens("us", "us", &[("a", 'x')]).issue(ACCOUNT, FAMILY, now()).unwrap();
        let issuer = tokens("them", "us", &[("a", 'a')]).issue(ACCOUNT, FAMILY, now()).unwrap();
        let audience = tokens("us", "them", &[("a", 'a')]).issue(ACCOUNT, FAMILY, now()).unwrap();
        let (head, _) = genuine.rsplit_once('.').unwrap();
        let bad =
            [forged, issuer, audience, format!("{head}."), head.to_owned(), "garbage".into(), "..".into()];
        for token in bad {
            assert!(matches!(ours().verify(&token, now()), Err(TokenError::NotGenuine(_))), "{token}");
        }
    }

    #[test]
    fn the_algorithm_is_not_the_callers_to_choose() {
        let header = |algorithm: &str| json!({ "typ": "JWT", "alg": algorithm, "kid": "a" });
        assert!(ours().verify(&signed(&header("HS256"), &claims()), now()).is_ok());
        for algorithm in ["none", "None", "HS384", "HS512", "RS256", "ES256"] {
            let token = signed(&header(algorithm), &claims());
            assert!(matches!(ours().verify(&token, now()), Err(TokenError::NotGenuine(_))), "{algorithm}");
        }
        let nameless = signed(&json!({ "typ": "JWT", "alg": "HS256" }), &claims());
        assert!(matches!(ours().verify(&nameless, now()), Err(TokenError::UnknownKey)));
    }

    #[test]
    fn every_claim_is_needed() {
        let header = json!({ "typ": "JWT", "alg": "HS256", "kid": "a" });
        for claim in ["iss", "aud", "sub", "sid", "nbf", "exp"] {
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(claim);
            assert!(ours().verify(&signed(&header, &claims), now()).is_err(), "{claim}");
        }
    }
}
