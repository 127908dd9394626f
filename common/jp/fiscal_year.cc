#include "common/jp/fiscal_year.h"

#include "absl/strings/str_cat.h"
#include "common/jp/era.h"

namespace tsunagu::jp {

std::string FiscalYear::Label() const { return absl::StrCat(EraYear(CivilDay(year_, 12, 31)), "度"); }

}  // namespace tsunagu::jp
