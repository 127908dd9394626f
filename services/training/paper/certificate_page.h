#ifndef TSUNAGU_SERVICES_TRAINING_PAPER_CERTIFICATE_PAGE_H_
#define TSUNAGU_SERVICES_TRAINING_PAPER_CERTIFICATE_PAGE_H_

#include "absl/status/status.h"
#include "common/print/document.h"
#include "tsunagu/training/v1/certificate.pb.h"

namespace tsunagu::training {

// Draws a certificate on a page of its own, with its token as a QR code. The page has only the content of the
// certificate and its token. Errors: TOKEN_TOO_LONG_TO_PRINT; those of Document::Text.
absl::Status DrawCertificate(const v1::Certificate& certificate, print::Document& document);

}  // namespace tsunagu::training

#endif  // TSUNAGU_SERVICES_TRAINING_PAPER_CERTIFICATE_PAGE_H_
