//! Passwords of staff: Argon2id, a few at a time.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::config;
use crate::ids::Ids;

/// A password can't be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The parameters, or a stored hash, are not Argon2's.
    #[error("hashing a password: {0}")]
    Hash(String),
    /// The work was ended, as when the process stops.
    #[error("hashing a password was broken off")]
    Stopped,
}

/// Hashes and checks passwords away from the threads that answer requests, no more at the same
/// time than there are cores: each takes tens of megabytes.
pub struct Passwords {
    argon2: Argon2<'static>,
    turns: Arc<Semaphore>,
    /// Checked in place of the hash of an unknown login, which then takes as long as a known one.
    nobody: String,
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords").field("params", self.argon2.params()).finish()
    }
}

impl Passwords {
    /// With the configured cost.
    ///
    /// # Errors
    /// Argon2 does not take the cost.
    pub fn new(config: &config::Auth) -> Result<Self, PasswordError> {
        let (memory, passes, lanes) = (config.argon2_memory_kib, config.argon2_passes, config.argon2_lanes);
        let params = Params::new(memory, passes, lanes, None).map_err(hash_error)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // No password is known to have this hash; checking it costs what every check costs.
        let (salt, hash) = ("A".repeat(22), "A".repeat(43));
        Ok(Self {
            argon2: Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
            turns: Arc::new(Semaphore::new(cores)),
            nobody: format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${hash}"),
        })
    }

    /// The hash to store, in PHC format.
    ///
    /// # Errors
    /// [`PasswordError`].
    pub async fn hash(&self, ids: &Ids, password: SecretString) -> Result<String, PasswordError> {
        let salt: [u8; 16] = ids.bytes();
        let argon2 = self.argon2.clone();
        self.work(move || {
            let hash: PasswordHash = argon2
                .hash_password_with_salt(password.expose_secret().as_bytes(), &salt)
                .map_err(hash_error)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether the password has this hash. Without a hash it is wrong, which takes as long to say.
    ///
    /// # Errors
    /// The hash can't be read.
    pub async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<bool, PasswordError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.nobody.clone());
        let argon2 = self.argon2.clone();
        self.work(move || {
            let hash = PasswordHash::new(&hash).map_err(hash_error)?;
            let right = argon2.verify_password(password.expose_secret().as_bytes(), &hash).is_ok();
            Ok(right && known)
        })
        .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| PasswordError::Stopped)?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            // Given back here, not by the request: it may be gone while the work goes on.
            drop(turn);
            result
        });
        done.await.map_err(|_| PasswordError::Stopped)?
    }
}

fn hash_error(error: impl fmt::Display) -> PasswordError {
    PasswordError::Hash(error.to_string())
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::clock::ManualClock;

    fn passwords() -> (Passwords, Ids) {
        let config = config::Auth {
            issuer: String::new(),
            audience: String::new(),
            keys: Vec::new(),
            access_ttl_s: 900,
            refresh_ttl_days: 30,
            argon2_memory_kib: 8192,
            argon2_passes: 1,
            argon2_lanes: 1,
        };
        let ids = Ids::seeded(Arc::new(ManualClock::starting_at(DateTime::UNIX_EPOCH)), 1);
        (Passwords::new(&config).unwrap(), ids)
    }

    #[tokio::test]
    async fn only_the_right_password_passes() {
        let (passwords, ids) = passwords();
        let hash = passwords.hash(&ids, "correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8192,t=1,p=1$"));
        assert!(passwords.verify("correct horse".into(), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify("wrong horse".into(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn an_unknown_login_costs_a_whole_check_and_never_passes() {
        let (passwords, _) = passwords();
        let nobody = PasswordHash::new(&passwords.nobody).unwrap();
        assert!(nobody.salt.is_some() && nobody.hash.is_some());
        assert!(!passwords.verify("anything".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_broken_hash_is_an_error_not_a_wrong_password() {
        let (passwords, _) = passwords();
        assert!(passwords.verify("x".into(), Some("plain text".to_owned())).await.is_err());
    }
}
