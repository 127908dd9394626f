#include "common/web/rest/scalar.h"

#include "common/base/embed.h"

TSUNAGU_EMBED(tsunagu_scalar, TSUNAGU_SCALAR);

namespace tsunagu::web {

absl::string_view Scalar() { return {tsunagu_scalar, static_cast<size_t>(tsunagu_scalar_end - tsunagu_scalar)}; }

}  // namespace tsunagu::web
