#ifndef TSUNAGU_SERVICES_REGISTRY_LAYOUTS_H_
#define TSUNAGU_SERVICES_REGISTRY_LAYOUTS_H_

#include "common/text/file_format.h"

namespace tsunagu {
class Service;
}  // namespace tsunagu

namespace tsunagu::registry {

// The Ministry's code list: 団体コード, 都道府県名（漢字）, 市区町村名（漢字）, 都道府県名（カナ）, 市区町村名（カナ）
// and, if there, 緯度, 経度. Codes that a spreadsheet has damaged are read with the names beside them and those of the
// areas that are there.
FileFormatFactory CodeListLayout(Service& service);

// WAM NET open data of offices (障害福祉サービス等情報公表システム). The area comes from the office's address, for the
// code column names the body that designated it. Offices of services that neither FacilityServiceKind nor a ServiceKind
// names are passed over.
FileFormatFactory WamNetLayout(Service& service);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_LAYOUTS_H_
