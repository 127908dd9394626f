#include "common/platform/platform.h"

namespace tsunagu {

void BindPlatform(Service& service) {
  BindTransfer(service);
  BindRevisions(service);
  BindAccess(service);
  BindAccessLog(service);
  BindErasure(service);
  BindOperations(service);
  BindChanges(service);
  BindDeliveries(service);
  BindFigureRows(service);
  BindDue(service);
}

}  // namespace tsunagu
