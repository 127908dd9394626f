#include <functional>

#include "CLI/CLI.hpp"
#include "common/host/usage.h"
#include "common/host/words.h"
#include "services/suite/access_log.h"
#include "services/suite/areas.h"
#include "services/suite/audit_pack.h"
#include "services/suite/backup.h"
#include "services/suite/call.h"
#include "services/suite/client.h"
#include "services/suite/contracts_archive.h"
#include "services/suite/explain.h"
#include "services/suite/export.h"
#include "services/suite/handover.h"
#include "services/suite/import.h"
#include "services/suite/keys.h"
#include "services/suite/payments.h"
#include "services/suite/print.h"
#include "services/suite/proposals.h"
#include "services/suite/publications.h"
#include "services/suite/reasons.h"
#include "services/suite/recommend.h"
#include "services/suite/repair.h"
#include "services/suite/report.h"
#include "services/suite/roster.h"
#include "services/suite/serve.h"
#include "services/suite/survey.h"
#include "services/suite/verify_certificate.h"
#include "services/suite/verify_journal.h"

int main(int argc, char** argv) {
  tsunagu::ChooseLanguage(argc, argv);
  CLI::App app(
      tsunagu::Words("tsunagu（つなぐ）: 医療的ケア児支援", "tsunagu: support for children who need medical care"));
  tsunagu::SpeakOfUsage(app);
  tsunagu::AddLanguageFlag(app);
  app.require_subcommand(1);
  std::function<int()> chosen;
  tsunagu::suite::AddServe(app, chosen);
  tsunagu::suite::AddMigrate(app, chosen);
  tsunagu::suite::AddAdopt(app, chosen);
  tsunagu::suite::AddKeys(app, chosen);
  tsunagu::suite::AddBackup(app, chosen);
  tsunagu::suite::AddCall(app, chosen);
  tsunagu::suite::AddContracts(app, chosen);
  tsunagu::suite::AddImport(app, chosen);
  tsunagu::suite::AddExport(app, chosen);
  tsunagu::suite::AddReport(app, chosen);
  tsunagu::suite::AddAreas(app, chosen);
  tsunagu::suite::AddRecommend(app, chosen);
  tsunagu::suite::AddProposals(app, chosen);
  tsunagu::suite::AddHandover(app, chosen);
  tsunagu::suite::AddSurvey(app, chosen);
  tsunagu::suite::AddRoster(app, chosen);
  tsunagu::suite::AddExplain(app, chosen);
  tsunagu::suite::AddAuditPack(app, chosen);
  tsunagu::suite::AddPayments(app, chosen);
  tsunagu::suite::AddPublications(app, chosen);
  tsunagu::suite::AddPrint(app, chosen);
  tsunagu::suite::AddAccessLog(app, chosen);
  tsunagu::suite::AddVerifyJournal(app, chosen);
  tsunagu::suite::AddRepair(app, chosen);
  tsunagu::suite::AddVerifyCertificate(app, chosen);
  tsunagu::suite::AddReasons(app, chosen);
  if (const auto code = tsunagu::ParseCommandLine(app, argc, argv)) return *code;
  tsunagu::suite::TellOptionsOf(app);
  return chosen();
}
