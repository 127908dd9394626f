#include "tools/demo/basis.h"

#include "common/base/clock.h"
#include "common/base/status_macros.h"
#include "common/jp/civil_day.h"
#include "tools/demo/places.h"

namespace tsunagu::demo {

namespace v1 = matching::v1;

absl::StatusOr<v1::LegalBasis> BasisOfToday(const suite::Client& client, const std::string& prefecture) {
  v1::ListLegalBasesRequest list;
  list.set_filter(InPrefecture("area", prefecture));
  list.set_page_size(1);
  *list.mutable_as_of_date() = jp::ToDate(jp::JapanDay(Clock::System().Now()));
  ASSIGN_OR_RETURN(const auto bases, client.peer->Unary<v1::ListLegalBasesResponse>(
                                         "tsunagu.matching.v1.LegalBasisService/ListLegalBases", list, client.once));
  return bases.legal_bases().empty() ? v1::LegalBasis() : bases.legal_bases(0);
}

}  // namespace tsunagu::demo
