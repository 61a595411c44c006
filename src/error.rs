//! The error table: one row for each refusal of this crate.
//!
//! The codes are stable: callers in other languages match on them, and no code is reused for another meaning.
//! `tests/suite/codegen.rs` writes the table to TypeScript and to `docs/errors.md`. The npm package has further codes of
//! its own, for its loader and its Better Auth plugin.

use core::fmt;

/// What kind of failure it is. The documentation of each class names the HTTP status that fits.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorClass {
    /// The input does not have the form that the specification requires: 400.
    Malformed,
    /// The input is well formed but needs something that this build does not support: 400.
    Unsupported,
    /// The input is well formed but a check of the ceremony failed: 401.
    Refused,
    /// The policy does not trust the authenticator: 403.
    Untrusted,
    /// The untrusted input exceeds a limit: 413.
    Limit,
    /// The caller's own arguments are wrong, independently of what the client sent: 500.
    Misuse,
}

impl ErrorClass {
    /// The name of the class in other languages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Malformed => "Malformed",
            Self::Unsupported => "Unsupported",
            Self::Refused => "Refused",
            Self::Untrusted => "Untrusted",
            Self::Limit => "Limit",
            Self::Misuse => "Misuse",
        }
    }
}

macro_rules! error_table {
    ($($variant:ident $code:literal $class:ident $spec:literal $message:literal)+) => {
        /// Why a response was refused. Each row of the table is a variant without fields.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $(#[doc = concat!($message, " Spec: ", $spec, ".")] $variant,)+
        }

        impl ErrorCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable string of this code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The class of the failure.
            #[must_use]
            pub const fn class(self) -> ErrorClass {
                match self { $(Self::$variant => ErrorClass::$class,)+ }
            }

            /// One static sentence for people. It never contains parts of the input.
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)+ }
            }

            /// The clause that the check implements. Section numbers are those of WebAuthn Level 3.
            #[must_use]
            pub const fn spec(self) -> &'static str {
                match self { $(Self::$variant => $spec,)+ }
            }
        }
    };
}

error_table! {
    CredentialMalformed "CREDENTIAL_MALFORMED" Malformed "5.1"
        "The credential is not the JSON form of a PublicKeyCredential."
    CredentialFieldMissing "CREDENTIAL_FIELD_MISSING" Malformed "5.1"
        "A required member of the credential is absent."
    CredentialTooLarge "CREDENTIAL_TOO_LARGE" Limit "5.1"
        "A member of the credential is longer than any authenticator writes."
    CredentialTypeUnsupported "CREDENTIAL_TYPE_UNSUPPORTED" Unsupported "5.1, 7.1 step 3, 7.2 step 3"
        "The credential's type is not \"public-key\"."
    CredentialIdMismatch "CREDENTIAL_ID_MISMATCH" Refused "5.1, 7.2 step 6"
        "The credential's id or rawId differs from the credential ID on record or in the authenticator data."
    CredentialIdTooLarge "CREDENTIAL_ID_TOO_LARGE" Limit "7.1 step 25, 6.5.1"
        "The credential ID is longer than 1023 bytes."
    CredentialIdForbidden "CREDENTIAL_ID_FORBIDDEN" Refused "7.2 step 5"
        "The credential is not one of those allowed for this ceremony."
    UserHandleMalformed "USER_HANDLE_MALFORMED" Malformed "5.4.3"
        "The user handle is not between 1 and 64 bytes long."
    UserHandleMismatch "USER_HANDLE_MISMATCH" Refused "7.2 step 6"
        "The user handle does not belong to the user that the credential is registered to."
    EncodingMalformed "ENCODING_MALFORMED" Malformed "3, RFC 4648 section 5"
        "The member is not base64url without padding."

    ClientDataMalformed "CLIENT_DATA_MALFORMED" Malformed "7.1 step 6, 7.2 step 9"
        "The client data is not the JSON form of a CollectedClientData."
    ClientDataTypeMismatch "CLIENT_DATA_TYPE_MISMATCH" Refused "7.1 step 7, 7.2 step 10"
        "The client data belongs to another type of ceremony."
    ChallengeMismatch "CHALLENGE_MISMATCH" Refused "7.1 step 8, 7.2 step 11"
        "The challenge is not the one issued for this ceremony."
    OriginMismatch "ORIGIN_MISMATCH" Refused "7.1 step 9, 7.2 step 12"
        "The origin is not one of the expected origins."
    CrossOriginForbidden "CROSS_ORIGIN_FORBIDDEN" Refused "7.1 step 10, 7.2 step 13"
        "The ceremony ran in a cross-origin frame, which the policy does not allow."
    TopOriginMismatch "TOP_ORIGIN_MISMATCH" Refused "7.1 step 11, 7.2 step 14"
        "The top origin is not one of the expected top origins."

    CborMalformed "CBOR_MALFORMED" Malformed "6.5.1, RFC 8949 section 5.3"
        "The bytes are not CBOR in the canonical form of CTAP2."
    CborTrailingData "CBOR_TRAILING_DATA" Malformed "7.1 step 13, RFC 8949 appendix F"
        "Bytes follow the CBOR item."
    CborDuplicate "CBOR_DUPLICATE" Malformed "RFC 8949 section 5.6"
        "A CBOR map contains the same key twice."
    CborUnsupported "CBOR_UNSUPPORTED" Malformed "CTAP 2.2 section 8"
        "The CBOR item is of a kind that the canonical form of CTAP2 does not allow."
    CborTooLarge "CBOR_TOO_LARGE" Limit "RFC 8949 section 10"
        "The CBOR item is nested too deeply or has too many items."
    AttestationObjectMalformed "ATTESTATION_OBJECT_MALFORMED" Malformed "6.5.4, 7.1 step 13"
        "The attestation object is not a map of fmt, attStmt and authData."

    AuthenticatorDataMalformed "AUTHENTICATOR_DATA_MALFORMED" Malformed "6.1, 7.1 step 13, 7.2 step 15"
        "The authenticator data ends before the parts that its flags announce."
    AuthenticatorDataTrailingData "AUTHENTICATOR_DATA_TRAILING_DATA" Malformed "6.1"
        "Bytes follow the authenticator data."
    RpIdMismatch "RP_ID_MISMATCH" Refused "7.1 step 14, 7.2 step 15"
        "The RP ID hash does not match an expected RP ID."
    UserPresenceMissing "USER_PRESENCE_MISSING" Refused "7.1 step 15, 7.2 step 16"
        "The authenticator did not test the user's presence."
    UserVerificationMissing "USER_VERIFICATION_MISSING" Refused "7.1 step 16, 7.2 step 17"
        "User verification is required, but the authenticator did not verify the user."
    BackupStateMismatch "BACKUP_STATE_MISMATCH" Refused "7.1 step 17, 7.2 step 18"
        "The credential is marked as backed up but not as eligible for backup."
    BackupEligibilityMismatch "BACKUP_ELIGIBILITY_MISMATCH" Refused "7.2 step 19"
        "The credential's backup eligibility changed after registration."
    AttestedCredentialDataMissing "ATTESTED_CREDENTIAL_DATA_MISSING" Malformed "6.5.1, 7.1 step 20"
        "The authenticator data of the registration contains no credential."
    ExtensionsMalformed "EXTENSIONS_MALFORMED" Malformed "6.1"
        "The extension data is not a CBOR map with text keys."

    CoseKeyMalformed "COSE_KEY_MALFORMED" Malformed "6.5.1, RFC 9052 section 7"
        "The public key is not a COSE_Key with exactly the parameters of its type."
    CoseKeyMismatch "COSE_KEY_MISMATCH" Malformed "5.8.5, RFC 9053 section 7"
        "The public key's type, curve and algorithm do not belong together."
    AlgorithmUnsupported "ALGORITHM_UNSUPPORTED" Unsupported "5.8.5"
        "This build does not verify this algorithm."
    AlgorithmForbidden "ALGORITHM_FORBIDDEN" Refused "7.1 step 20"
        "The algorithm is not one of those offered or allowed."
    PublicKeyInvalid "PUBLIC_KEY_INVALID" Refused "7.2 step 21, 5.8.5"
        "The public key is not valid for its algorithm."
    SignatureInvalid "SIGNATURE_INVALID" Refused "7.1 step 22, 7.2 step 21"
        "The signature is not valid."
    SignatureCounterMismatch "SIGNATURE_COUNTER_MISMATCH" Refused "7.2 step 22, 6.1.1"
        "The signature counter did not increase; the authenticator may have been cloned."

    AttestationFormatUnsupported "ATTESTATION_FORMAT_UNSUPPORTED" Unsupported "7.1 step 21"
        "This build does not verify this attestation statement format."
    AttestationStatementMalformed "ATTESTATION_STATEMENT_MALFORMED" Malformed "7.1 step 22, 8"
        "The attestation statement does not have the form that its format requires."
    AttestationAlgorithmMismatch "ATTESTATION_ALGORITHM_MISMATCH" Refused "7.1 step 22, 8.2"
        "The attestation statement's algorithm does not match the key that signed it."
    AttestationCertificateInvalid "ATTESTATION_CERTIFICATE_INVALID" Refused "7.1 step 22, 8.2.1, 8.3.1, 8.4.1"
        "The attestation certificate does not meet the requirements of its format."
    AttestationDataMismatch "ATTESTATION_DATA_MISMATCH" Refused "7.1 step 22, 8"
        "The attestation statement is about other data than this registration's."
    AttestationKeyMismatch "ATTESTATION_KEY_MISMATCH" Refused "7.1 step 22, 8"
        "The attestation statement is about another key than the credential's."
    AttestationAaguidMismatch "ATTESTATION_AAGUID_MISMATCH" Refused "7.1 step 22, 8.2, 8.3"
        "The attestation certificate belongs to another authenticator model."
    AttestationFormatForbidden "ATTESTATION_FORMAT_FORBIDDEN" Untrusted "7.1 step 24"
        "The policy does not accept this attestation statement format."
    AttestationUntrusted "ATTESTATION_UNTRUSTED" Untrusted "7.1 step 24"
        "The attestation's certificates do not lead to a trust anchor."
    AaguidForbidden "AAGUID_FORBIDDEN" Untrusted "7.1 step 24"
        "The policy does not accept this authenticator model."

    CertificateMalformed "CERTIFICATE_MALFORMED" Malformed "RFC 5280 section 4.1"
        "A certificate is not valid DER, or not a valid certificate."
    CertificateTooLarge "CERTIFICATE_TOO_LARGE" Limit "7.1 step 22"
        "A certificate or the certificate chain exceeds the size limit."
    CertificateSignatureInvalid "CERTIFICATE_SIGNATURE_INVALID" Untrusted "RFC 5280 section 6.1.3"
        "A certificate was not signed by its issuer."
    CertificateExpired "CERTIFICATE_EXPIRED" Untrusted "RFC 5280 section 6.1.3"
        "A certificate is not valid yet or has expired."
    CertificateUseForbidden "CERTIFICATE_USE_FORBIDDEN" Untrusted "RFC 5280 section 6.1.4"
        "A certificate's constraints do not allow this use."

    MetadataMalformed "METADATA_MALFORMED" Malformed "FIDO MDS 3.1 section 3.1"
        "The metadata is not a signed BLOB, or one of its entries is malformed."
    MetadataTooLarge "METADATA_TOO_LARGE" Limit "FIDO MDS 3.1 section 3.1"
        "The metadata exceeds the limit on its length or on its number of entries."
    MetadataExpired "METADATA_EXPIRED" Untrusted "FIDO MDS 3.1 section 3.1"
        "The metadata's nextUpdate date has passed."
    MetadataNumberMismatch "METADATA_NUMBER_MISMATCH" Untrusted "FIDO MDS 3.1 section 3.2"
        "The metadata is older than a BLOB that was verified before."
    MetadataUntrusted "METADATA_UNTRUSTED" Untrusted "FIDO MDS 3.1 section 3.2"
        "The metadata was not signed by the expected signer, or the certificates do not lead to a trust anchor."
    MetadataMissing "METADATA_MISSING" Untrusted "7.1 step 23, FIDO MDS 3.1 section 3.2"
        "The metadata has no entry for this authenticator."
    AuthenticatorStatusForbidden "AUTHENTICATOR_STATUS_FORBIDDEN" Untrusted "7.1 step 24, FIDO MDS 3.1 section 3.1.4"
        "The metadata reports a status of this authenticator that the policy refuses."

    PolicyMalformed "POLICY_MALFORMED" Misuse "7.1, 7.2"
        "An argument of the relying party is missing or malformed."
}

/// A refusal: what failed, in which member of the input, and at which byte if that is known.
///
/// It contains no part of the input and allocates nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Error {
    /// What failed.
    pub code: ErrorCode,
    /// The member of the input or of the policy, as the specification spells it: `response.clientDataJSON`.
    pub field: &'static str,
    /// The offset in bytes into that member, for parsing errors.
    pub offset: Option<u32>,
}

impl Error {
    #[cold]
    pub(crate) const fn new(code: ErrorCode, field: &'static str) -> Self {
        Self {
            code,
            field,
            offset: None,
        }
    }

    #[cold]
    pub(crate) fn at(code: ErrorCode, field: &'static str, offset: usize) -> Self {
        Self {
            code,
            field,
            offset: u32::try_from(offset).ok(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", self.code.as_str(), self.field, self.code.message())
    }
}

impl core::error::Error for Error {}

/// The result of every function that can refuse.
pub type Result<T> = core::result::Result<T, Error>;
