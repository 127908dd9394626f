#ifndef TSUNAGU_SERVICES_SUITE_PAYMENTS_H_
#define TSUNAGU_SERVICES_SUITE_PAYMENTS_H_

#include <functional>
#include <ostream>
#include <string>

#include "absl/status/status.h"
#include "services/suite/client.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"

namespace CLI {
class App;
}

namespace tsunagu::suite {

// `tsunagu payments`: creates a batch of payments, writes its file, reads its result, or releases it.
void AddPayments(CLI::App& app, std::function<int()>& chosen);

// Each prints its result in one or a few lines. Errors: those of the server.
absl::Status MakePayments(const Client& client, const subsidy::v1::PaymentBatch& batch, std::ostream& told);
// Errors: FILE_NOT_WRITABLE.
absl::Status WritePayments(const Client& client, const std::string& batch, const std::string& file, std::ostream& told);
// Errors: FILE_NOT_READABLE, PAYMENT_RESULT_TOO_LARGE. `stated`: count and yen on the sheet that came with the file; 0:
// not stated.
struct StatedResult {
  int count = 0;
  int64_t yen = 0;
};
absl::Status ReadPaymentResult(const Client& client, const std::string& batch, const std::string& file,
                               const StatedResult& stated, std::ostream& told);
absl::Status ReleasePayments(const Client& client, const std::string& batch, const std::string& reason,
                             std::ostream& told);

}  // namespace tsunagu::suite

#endif  // TSUNAGU_SERVICES_SUITE_PAYMENTS_H_
