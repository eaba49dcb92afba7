#include "support/actors/cascade_world.hpp"
#include "support/actors/show_result.hpp"

#include <map>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using test::cascade_world;

namespace {

/// Knows which model answered which request, as a learner does.
class noted_policy final : public model_policy {
public:
  void order(std::vector<std::size_t>& /*chosen*/,
             const protocol::header& /*head*/,
             const protocol::model_call& /*call*/,
             const model_need& /*need*/) override {}

  void answered(protocol::id request, std::size_t model,
                protocol::money /*cost*/) override {
    by_.insert_or_assign(request, model);
  }

  std::optional<std::size_t> judge(protocol::id request,
                                   std::uint32_t /*quality*/) override {
    const auto found = by_.extract(request);
    return found ? std::optional{found.mapped()} : std::nullopt;
  }

private:
  std::map<protocol::id, std::size_t> by_;
};

struct judged_world : cascade_world {
  judged_world() : cascade_world{{}, 100, std::make_shared<noted_policy>()} {}

  protocol::result<protocol::answer_judged> judge(protocol::id call) {
    protocol::request<protocol::judge_answer> msg;
    msg.body = {call, 500};
    auto told =
        world.answer<protocol::response<protocol::answer_judged>>(cascade, msg);
    if (!told)
      return told.error();
    return told->body;
  }
};

} // namespace

TEST_CASE("who judges an answer of a cascade judges the model that gave it, "
          "once",
          "[cascade]") {
  judged_world it;
  const auto cheap = it.call();
  it.ask(cheap);
  it.rating = "10";
  const auto dear = it.call();
  it.ask(dear);
  CHECK(it.judge(dear.head.message).value().model == "dear/model");
  CHECK(it.judge(cheap.head.message).value().model == "cheap/model");
  CHECK(it.judge(cheap.head.message).error().code == errc::invalid_request);
}

TEST_CASE("what a cascade has not answered cannot be judged", "[cascade]") {
  judged_world it;
  CHECK(it.judge({9, 9}).error().code == errc::invalid_request);
  for (auto& provider : it.providers)
    provider->script = cascade_world::fails(errc::provider_unavailable);
  const auto failed = it.call();
  it.ask(failed);
  CHECK(it.judge(failed.head.message).has_error());
}
