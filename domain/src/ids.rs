//! Typed keys: a member's id can't be passed where a station's is wanted.
//!
//! All are UUIDv7 made by the caller (see `api::ids`), so they sort by the time they were made.

/// Declares one id newtype over `Uuid`, with the column traits of sea-orm behind feature `orm`.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
        pub struct $name(pub uuid::Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(id: uuid::Uuid) -> Self {
                Self(id)
            }
        }

        #[cfg(feature = "orm")]
        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

id! {
    /// A committee (政协委员会), the tenant.
    CommitteeId,
    /// A sector (界别).
    SectorId,
    /// A category of matters (诉求类别).
    CategoryId,
    /// A station (工作站).
    StationId,
    /// A member (委员).
    MemberId,
    /// A department (承办单位).
    DepartmentId,
    /// Somebody who can log in.
    AccountId,
    /// One role of one account in one scope.
    BindingId,
    /// An invitation that binds an account to a role.
    InvitationId,
    /// A printed code (码).
    CodeId,
    /// A batch of posters that was ordered.
    CodeBatchId,
    /// A duty shift (轮值) of a member at a station.
    ShiftId,
    /// A pattern by which a station's reception days come again.
    PatternId,
    /// A resident's place on a reception day.
    BookingId,
    /// A shift offered to a colleague.
    HandoverId,
    /// A message about something that is no case.
    NoticeId,
    /// A period in which a member takes no cases.
    AbsenceId,
    /// A case (件).
    CaseId,
    /// A version of one year of the calendar.
    RevisionId,
    /// A picture.
    UploadId,
    /// The check of one text or picture.
    ContentCheckId,
    /// What somebody says of a poster.
    PosterReportId,
    /// Something that WeChat told us.
    PushId,
    /// A template of answers.
    AnswerTemplateId,
    /// A list of cases that somebody has kept under a name.
    SavedViewId,
    /// A member's answer (答复).
    ResponseId,
    /// A resident's rating of an answer.
    RatingId,
    /// A job in the outbox.
    JobId,
    /// A message to somebody about a case.
    MessageId,
    /// A message on its way by one channel.
    DeliveryId,
    /// A refresh token.
    RefreshTokenId,
    /// All refresh tokens that descend from one login.
    TokenFamilyId,
}
