#ifndef TSUNAGU_COMMON_PLATFORM_FEED_RESUME_TOKEN_H_
#define TSUNAGU_COMMON_PLATFORM_FEED_RESUME_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/platform/feed/resume_token.pb.h"

namespace tsunagu {

using ResumeToken = service::ResumeTokenContent;

// Returns text for a URL (letters, digits, - and _), signed with `key`. It does not expire.
std::string SignResumeToken(const ResumeToken& token, absl::string_view key);

// Errors, at the field "resume_token": RESUME_TOKEN_OF_ANOTHER_SERVICE, INVALID_RESUME_TOKEN.
absl::StatusOr<ResumeToken> OpenResumeToken(absl::string_view text, absl::string_view service, absl::string_view key);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_PLATFORM_FEED_RESUME_TOKEN_H_
