#include "common/base/embed.h"
#include "common/web/rest/comments.h"

TSUNAGU_EMBED(tsunagu_contract_set, TSUNAGU_CONTRACT_SET);

namespace tsunagu::web {

absl::string_view ContractSet() {
  return {tsunagu_contract_set, static_cast<size_t>(tsunagu_contract_set_end - tsunagu_contract_set)};
}

}  // namespace tsunagu::web
