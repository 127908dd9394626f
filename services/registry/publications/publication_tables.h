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
    std::vector<int> figures;  // by column: which of the ledger; -1 where nobody has said anything
  };

  v1::Publication::Table table = v1::Publication::TABLE_UNSPECIFIED;
  std::vector<Column> columns;
  std::vector<Row> rows;
};

// What is published, before anything is withheld.
struct PublicationTables {
  PublicationLedger ledger;
  std::vector<PublicationTable> tables;
};

// Counts for a publication whose contract holds, of what the registry knows.
absl::StatusOr<PublicationTables> CountPlaced(store::Tx& tx, const v1::Publication& publication);
// The same of the accepted answers to a survey by this form, for its items that are numbers and are asked for. An
// answer is taken for the sum of others where the form says so, and for what the registry counts, now or as one of the
// `earlier` publications has it: so will whoever reads both.
absl::StatusOr<PublicationTables> CountAnswers(store::Tx& tx, const v1::Publication& publication,
                                               const v1::SurveyForm& form,
                                               const std::vector<PublicationLedger>& earlier);

}  // namespace tsunagu::registry

#endif  // TSUNAGU_SERVICES_REGISTRY_PUBLICATION_TABLES_H_
