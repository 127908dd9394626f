#ifndef TSUNAGU_SERVICES_REGISTRY_LAYOUTS_H_
#define TSUNAGU_SERVICES_REGISTRY_LAYOUTS_H_

#include "common/text/file_format.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// The Ministry's code list: 団体コード, 都道府県名（漢字）, 市区町村名（漢字）, 都道府県名（カナ）, 市区町村名（カナ）
// and, optionally, 緯度, 経度. A code that a spreadsheet has damaged is repaired by the names in its row and those of
// the existing areas.
FileFormatFactory CodeListLayout(Service& service);

// WAM NET open data of offices (障害福祉サービス等情報公表システム). The area is derived from the office's address,
// because the code column has the body that designated the office. Offices of services that are neither in
// FacilityServiceKind nor a ServiceKind are skipped.
FileFormatFactory WamNetLayout(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_LAYOUTS_H_
