#include "group_account.hpp"
#include "support/catch.hpp"

using namespace troupe;
using actors::group_account;

TEST_CASE("the account of a group stands below those of the groups around it",
          "[group_account]") {
  const std::vector<protocol::task_group> groups{
      {"a", {}}, {"a/b", {}}, {"ab", {}}, {"a/x/y", {}}};
  CHECK(group_account("t/run", groups, "a") == "t/run/a");
  CHECK(group_account("t/run", groups, "a/b") == "t/run/a/a:b");
  CHECK(group_account("t/run", groups, "ab") == "t/run/ab");
  CHECK(group_account("t/run", groups, "a/x/y") == "t/run/a/a:x:y");
}
