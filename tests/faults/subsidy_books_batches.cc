#include "tests/faults/subsidy_books_batches.h"

#include <set>

#include "tsunagu/subsidy/v1/application.pb.h"
#include "tsunagu/subsidy/v1/decision.pb.h"
#include "tsunagu/subsidy/v1/filing.pb.h"
#include "tsunagu/subsidy/v1/forwarding.pb.h"
#include "tsunagu/subsidy/v1/payment.pb.h"
#include "tsunagu/subsidy/v1/payment_batch.pb.h"
#include "tsunagu/subsidy/v1/payment_request.pb.h"
#include "tsunagu/subsidy/v1/programme.pb.h"
#include "tsunagu/subsidy/v1/usage_claim.pb.h"

namespace tsunagu::faults {
namespace {

using namespace subsidy::v1;  // NOLINT: all of its records

// Returns whether a request and its payment agree.
bool IsPaidBy(const PaymentRequest& request, const Payment& payment) {
  return ParentOf(payment.name()) == request.application() && payment.kind() != Payment::KIND_RETURN &&
         payment.yen() == request.yen() && payment.document_number() == request.voucher() &&
         DayOf(payment.payment_date()) == DayOf(request.payment_date());
}

// Returns the subject of a request, an application or a claim of hours, which two batches must not request at once.
std::string OwnerOf(const PaymentRequest& request) { return request.application() + request.usage_claim(); }

void CheckBatch(const PaymentBatch& batch, const std::map<int, PaymentRequest>& requests, BookReader& reader) {
  long total = 0, paid_yen = 0;
  int paid = 0, refused = 0, released = 0, count = 0;
  std::set<std::string> owners;
  for (const auto& [number, request] : requests) {
    if (number != ++count) reader.Fault(request.name(), ": number ", number, " after ", count - 1);
    if (!owners.insert(OwnerOf(request)).second) reader.Fault(request.name(), ": asked for again");
    total += request.yen();
    paid += request.outcome() == PaymentRequest::OUTCOME_PAID;
    paid_yen += request.outcome() == PaymentRequest::OUTCOME_PAID ? request.yen() : 0;
    refused += request.outcome() == PaymentRequest::OUTCOME_REFUSED;
    released += request.outcome() == PaymentRequest::OUTCOME_RELEASED;
  }
  const bool agrees = batch.request_count() == count && batch.total_yen() == total && batch.paid_count() == paid &&
                      batch.paid_yen() == paid_yen && batch.refused_count() == refused;
  if (!agrees || count == 0) reader.Fault(batch.name(), ": its sums are not those of its requests");
  if (paid + refused != 0 && paid + refused != count) reader.Fault(batch.name(), ": half of a result");
  if (released != (batch.releaser().empty() ? 0 : count)) reader.Fault(batch.name(), ": half let go");
}

}  // namespace

void CheckBatches(BookReader& reader, const std::map<std::string, long>& reserved) {
  std::map<std::string, Payment> payments;
  std::map<std::string, UsageClaim> claims;
  std::map<std::string, std::map<int, PaymentRequest>> requests;  // by batch and number
  reader.ForEach<Payment>([&](const Payment& one) { payments[one.name()] = one; });
  reader.ForEach<UsageClaim>([&](const UsageClaim& one) { claims[one.name()] = one; });
  reader.ForEach<PaymentRequest>([&](const PaymentRequest& one) {
    const bool is_new = requests[ParentOf(one.name())].emplace(one.number(), one).second;
    if (!is_new) reader.Fault(one.name(), ": its number is taken");
  });
  reader.ForEach<PaymentBatch>([&](const PaymentBatch& one) { CheckBatch(one, requests[one.name()], reader); });
  std::set<std::string> keys, paid;
  std::map<std::string, long> asked;  // by application or claim: neither refused nor released
  for (const auto& [batch, of_batch] : requests) {
    for (const auto& [number, one] : of_batch) {
      if (!keys.insert(one.key()).second) reader.Fault(one.name(), ": key ", one.key(), " again");
      const bool is_paid = one.outcome() == PaymentRequest::OUTCOME_PAID;
      const bool is_refused = one.outcome() == PaymentRequest::OUTCOME_REFUSED;
      const bool is_released = one.outcome() == PaymentRequest::OUTCOME_RELEASED;
      if (!is_refused && !is_released) asked[OwnerOf(one)] += one.yen();
      const auto payment = payments.find(one.payment());
      const UsageClaim& claim = claims[one.usage_claim()];
      const bool fits = !is_paid ? one.payment().empty() && one.refusal().empty() != is_refused
                        : one.usage_claim().empty()
                            ? payment != payments.end() && IsPaidBy(one, payment->second)
                            : claim.state() == UsageClaim::STATE_PAID && claim.voucher() == one.voucher() &&
                                  claim.total_yen() == one.yen();
      if (!fits) reader.Fault(one.name(), ": ", Word(one.outcome()), ", by '", one.payment(), "'");
      const std::string payer = one.payment() + one.usage_claim();
      if (is_paid && !paid.insert(payer).second) reader.Fault(one.name(), ": ", payer, " is another's");
    }
  }
  for (const auto& [owner, yen] : asked) {
    const auto most = reserved.find(owner);
    if (most == reserved.end() || yen > most->second)
      reader.Fault(owner, ": ", yen, " asked for, more than it ever got");
  }
}

void CheckForwardings(BookReader& reader) {
  std::map<std::string, Programme> programmes;
  std::map<std::string, Application> applications;
  std::map<std::string, int> most;              // by application: the largest permitted number of forwardings
  std::map<std::string, std::set<long>> filed;  // by application: the requested amounts
  std::set<std::string> granted;
  reader.ForEach<Programme>([&](const Programme& one) { programmes[one.name()] = one; });
  reader.ForEach<Application>([&](const Application& one) {
    applications[one.name()] = one;
    ++most[one.name()];
  });
  reader.ForEach<Filing>([&](const Filing& one) {
    if (one.kind() == Filing::KIND_APPLICATION) filed[ParentOf(one.name())].insert(one.amount_yen());
  });
  reader.ForEach<Decision>([&](const Decision& one) {
    if (one.kind() == Decision::KIND_SENDING_BACK) ++most[ParentOf(one.name())];
    if (one.kind() == Decision::KIND_GRANT) granted.insert(ParentOf(one.name()));
  });
  std::map<std::string, std::set<std::string>> forwarded;  // by forwarding
  reader.ForEach<Forwarding>([&](const Forwarding& one) {
    const std::string programme = ParentOf(one.name());
    long lines = 0, items = 0;
    for (const auto& line : one.lines()) {
      lines += line.yen();
      const bool fits = applications[line.application()].programme() == programme &&
                        applications[line.application()].applicant() == line.applicant() &&
                        filed[line.application()].count(line.yen()) > 0 && --most[line.application()] >= 0 &&
                        forwarded[one.name()].insert(line.application()).second;
      if (!fits) reader.Fault(one.name(), ": forwarded ", line.application(), " with ", line.yen());
    }
    for (const auto& item : one.items()) items += item.yen();
    const bool agrees = one.yen() == lines && one.yen() == items && one.lines_size() > 0;
    if (!agrees) reader.Fault(one.name(), ": ", one.yen(), ", lines ", lines, ", items ", items);
    if (one.body() != programmes[programme].via()) reader.Fault(one.name(), ": does not pass through ", one.body());
  });
  for (const auto& [name, one] : applications) {
    const bool passes = !programmes[one.programme()].via().empty();
    const bool is_forwarded = !one.forwarding().empty();
    const bool is_before = one.state() == Application::STATE_DRAFT || one.state() == Application::STATE_APPLIED;
    if (is_forwarded && (is_before || forwarded[one.forwarding()].count(name) == 0)) {
      reader.Fault(name, ": ", Word(one.state()), ", and said to be in ", one.forwarding());
    }
    if (passes && !is_forwarded && granted.count(name) > 0) reader.Fault(name, ": granted, and never forwarded");
  }
}

}  // namespace tsunagu::faults
