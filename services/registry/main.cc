#include "common/host/flags.h"
#include "services/registry/module.h"

int main(int argc, char** argv) {
  const tsunagu::ServiceKind kinds[] = {
      {"registry", [](tsunagu::Service& service, const tsunagu::PeerFinder&) { tsunagu::registry::Build(service); }}};
  return tsunagu::ServiceMain(argc, argv, kinds);
}
