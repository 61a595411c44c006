//! Certificates as attestation statements carry them. Spec: 8.2.1, RFC 5280.
//!
//! The crate `x509-cert` reads the fields. Signatures are verified over the bytes as received.

use alloc::vec::Vec;

use x509_cert::TbsCertificate;
use x509_cert::certificate::Version;
use x509_cert::der::asn1::BitStringRef;
use x509_cert::der::oid::ObjectIdentifier;
use x509_cert::der::{Decode, Reader, SliceReader};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::name::Name;
use x509_cert::spki::AlgorithmIdentifierOwned;

use crate::error::{Error, ErrorCode, Result};
use crate::limits;
use crate::signature::KeyParameters;

mod anchor;
mod key;
pub(crate) mod path;

pub use anchor::TrustAnchor;

/// A certificate that is DER of the right form. Every byte is parsed; nothing is verified yet.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    der: Vec<u8>,
    /// The bytes that are signed.
    signed: Vec<u8>,
    tbs: TbsCertificate,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature: Vec<u8>,
    field: &'static str,
}

impl Certificate {
    /// Parses DER. The errors of this function and of the methods name `field`.
    pub(crate) fn parse(field: &'static str, der: &[u8]) -> Result<Self> {
        if der.len() > limits::CERTIFICATE_LEN {
            return Err(Error::new(ErrorCode::CertificateTooLarge, field));
        }
        Self::read(field, der)
            .ok()
            .filter(Self::has_consistent_form)
            .ok_or_else(|| Error::new(ErrorCode::CertificateMalformed, field))
    }

    fn read(field: &'static str, der: &[u8]) -> x509_cert::der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let certificate = reader.sequence(|reader| -> x509_cert::der::Result<_> {
            let signed = reader.tlv_bytes()?;
            let signature_algorithm = AlgorithmIdentifierOwned::decode(reader)?;
            let signature = BitStringRef::decode(reader)?;
            Ok(Self {
                der: der.to_vec(),
                signed: signed.to_vec(),
                tbs: TbsCertificate::from_der(signed)?,
                signature_algorithm,
                signature: signature
                    .as_bytes()
                    .ok_or_else(|| x509_cert::der::Tag::BitString.value_error())?
                    .to_vec(),
                field,
            })
        })?;
        reader.finish()?;
        Ok(certificate)
    }

    /// RFC 5280 sections 4.1.1.2 (both copies of the algorithm are equal), 4.1.2.9 and 4.2 (only version 3 has
    /// extensions, and none is duplicated).
    fn has_consistent_form(&self) -> bool {
        let extensions = self.extensions();
        let twice = |extension: &Extension| {
            let same = |other: &&Extension| other.extn_id == extension.extn_id;
            extensions.iter().filter(same).count() > 1
        };
        *self.tbs.signature() == self.signature_algorithm
            && (extensions.is_empty() || self.tbs.version() == Version::V3)
            && !extensions.iter().any(twice)
    }

    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    pub(crate) fn is_version_3(&self) -> bool {
        self.tbs.version() == Version::V3
    }

    pub(crate) fn subject(&self) -> &Name {
        self.tbs.subject()
    }

    pub(crate) fn issuer(&self) -> &Name {
        self.tbs.issuer()
    }

    fn extensions(&self) -> &[Extension] {
        self.tbs.extensions().map_or(&[], Vec::as_slice)
    }

    /// An extension: whether it is critical, and its value in DER.
    pub(crate) fn extension(&self, oid: ObjectIdentifier) -> Option<(bool, &[u8])> {
        self.extensions()
            .iter()
            .find(|extension| extension.extn_id == oid)
            .map(|extension| (extension.critical, extension.extn_value.as_bytes()))
    }

    /// An extension by its type. Its value must be well formed.
    pub(crate) fn parsed_extension<'a, T>(&'a self) -> Result<Option<T>>
    where
        T: Decode<'a> + x509_cert::der::oid::AssociatedOid,
    {
        let Some((_, value)) = self.extension(T::OID) else {
            return Ok(None);
        };
        T::from_der(value).map(Some).map_err(|_| self.malformed())
    }

    pub(crate) fn basic_constraints(&self) -> Result<Option<BasicConstraints>> {
        self.parsed_extension()
    }

    /// The bits of the subject's public key, without the algorithm.
    pub(crate) fn public_key_bits(&self) -> Option<&[u8]> {
        self.tbs.subject_public_key_info().subject_public_key.as_bytes()
    }

    /// The subject's public key, as the parameters of a COSE key.
    pub(crate) fn parameters(&self) -> Result<KeyParameters> {
        key::parameters(self.tbs.subject_public_key_info()).map_err(|code| Error::new(code, self.field))
    }

    /// Verifies a signature with this certificate's key and a COSE algorithm.
    pub(crate) fn verify(&self, algorithm: i64, field: &'static str, message: &[u8], signature: &[u8]) -> Result<()> {
        key::verify(algorithm, &self.parameters()?, field, message, signature)
    }

    #[cold]
    pub(crate) fn malformed(&self) -> Error {
        Error::new(ErrorCode::CertificateMalformed, self.field)
    }
}

#[cfg(test)]
mod tests;
