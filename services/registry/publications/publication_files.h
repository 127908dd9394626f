#ifndef TSUNAGU_SERVICES_REGISTRY_PUBLICATION_FILES_H_
#define TSUNAGU_SERVICES_REGISTRY_PUBLICATION_FILES_H_

#include <string>

#include "services/registry/publications/publication_tables.h"

namespace tsunagu::registry {

// The tables as published files. A withheld figure is "x". A figure without data is null in JSON and blank in CSV. The
// same tables give the same bytes.
std::string PublicationJson(const v1::Publication& publication, const PublicationTables& tables);
std::string PublicationCsv(const v1::Publication& publication, const PublicationTables& tables);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_PUBLICATION_FILES_H_
