#ifndef TSUNAGU_COMMON_TEXT_WORKBOOK_LAYOUT_H_
#define TSUNAGU_COMMON_TEXT_WORKBOOK_LAYOUT_H_

#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/contract/schema.h"
#include "common/text/sheet/writer.h"

namespace tsunagu {

// Returns the layout of a resource's workbook: the columns of ContractHeading in their order, for the cells of
// ContractCells. Days and whole numbers are cells of their kinds, single enums and booleans have a drop-down with the
// words of CSV, and everything else is text. The drop-downs reach 1,000 rows below the last row.
sheet::Layout WorkbookLayout(const contract::Schema& schema, Language language, absl::Time created);

}  // namespace tsunagu

#endif  // TSUNAGU_COMMON_TEXT_WORKBOOK_LAYOUT_H_
