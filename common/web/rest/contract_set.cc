#include "common/web/rest/comments.h"

// The file that TSUNAGU_CONTRACT_SET names, as it is.
__asm__(
    ".section .rodata\n"
    ".balign 8\n"
    "tsunagu_contract_set:\n"
    ".incbin \"" TSUNAGU_CONTRACT_SET "\"\n"
    "tsunagu_contract_set_end:\n"
    ".byte 0\n"
    ".previous\n");

extern "C" const char tsunagu_contract_set[], tsunagu_contract_set_end[];

namespace tsunagu::web {

absl::string_view ContractSet() {
  return {tsunagu_contract_set, static_cast<size_t>(tsunagu_contract_set_end - tsunagu_contract_set)};
}

}  // namespace tsunagu::web
