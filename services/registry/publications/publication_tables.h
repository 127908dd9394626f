#ifndef TSUNAGU_SERVICES_REGISTRY_PUBLICATION_TABLES_H_
#define TSUNAGU_SERVICES_REGISTRY_PUBLICATION_TABLES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/registry/publications/publication_ledger.pb.h"
#include "tsunagu/registry/v1/publication.pb.h"
#include "tsunagu/registry/v1/survey_form.pb.h"

namespace tsunagu::store {
class Tx;
}

namespace tsunagu::registry {

// One table of a publication.
struct PublicationTable {
  struct Column {
    std::string code;
    std::string ja, en;
  };
  struct Row {
    std::string place;  // areas/312011, regions/tobu, or "kinds/town" for all towns and villages
    std::string label;
    std::vector<int> figures;  // by column: index of the figure in the ledger; -1: no data
  };

  v1::Publication::Table table = v1::Publication::TABLE_UNSPECIFIED;
  std::vector<Column> columns;
  std::vector<Row> rows;
};

// The tables of a publication before any figure is withheld.
struct PublicationTables {
  PublicationLedger ledger;
  std::vector<PublicationTable> tables;
};

// Counts the registry's records for a publication whose contract is satisfied.
absl::StatusOr<PublicationTables> CountPlaced(store::Tx& tx, const v1::Publication& publication);
// Counts the accepted answers to a survey by this form, for its items that are numbers and are requested. An answer is
// treated as the sum of others if the form says so. It is treated as equal to what the registry counts, either now or
// in one of the `earlier` publications, because readers of both will do so.
absl::StatusOr<PublicationTables> CountAnswers(store::Tx& tx, const v1::Publication& publication,
                                               const v1::SurveyForm& form,
                                               const std::vector<PublicationLedger>& earlier);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_PUBLICATION_TABLES_H_
