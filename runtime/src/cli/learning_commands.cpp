// The commands that read and write a learning file.
#include "commands.hpp"
#include "exit_code.hpp"
#include "learning/choice_file.hpp"
#include "report/report_text.hpp"
#include "report/text_table.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;
using report::text_table;

namespace {

constexpr std::uint32_t permille_a_percent = 10;
constexpr std::uint32_t ppm_a_permille = 1'000;

/// Where the choices are. Nothing: it was told why not.
std::optional<std::string> learning_file(const std::string& command,
                                         const book_arguments& given,
                                         console& on) {
  return book_file(
      given, [](const runtime_config& it) { return it.routing.learning.file; },
      "troupe " + command
          + ": which file? Name it with --file FILE, or in the configuration "
            "(routing.learning.file)",
      on);
}

boost::json::object as_json(const kept_choice& it) {
  boost::json::object out{
      {"call", to_string(it.what.call)},
      {"at", protocol::to_text(it.at)},
      {"type", protocol::enum_name(it.what.type)},
      {"model", it.what.model},
      {"cost", protocol::to_json(it.what.cost)},
      {"offered", protocol::to_json(it.what.offered)},
  };
  if (it.what.quality_permille)
    out["quality_permille"] = *it.what.quality_permille;
  return out;
}

/// How probable it was that the one that answered comes first.
std::string chance_of(const actors::made_choice& it) {
  for (const auto& offer : it.offered)
    if (offer.model == it.model)
      return report::percent(offer.propensity_ppm / ppm_a_permille);
  return "-";
}

std::string choices_table(const std::vector<kept_choice>& choices,
                          const report::page& on) {
  text_table table{{{"CALL"},
                    {"TASK"},
                    {"MODEL", false, true},
                    {"CHANCE", true},
                    {"OF", true},
                    {"COST", true},
                    {"QUALITY", true}}};
  for (const auto& [at, it] : choices)
    table.add_row(
        {{to_string(it.call)},
         {std::string(protocol::enum_name(it.type))},
         {it.model},
         {chance_of(it)},
         {std::to_string(it.offered.size())},
         {for_people(it.cost)},
         {it.quality_permille ? report::percent(*it.quality_permille) : "-"}});
  return table.text(on);
}

} // namespace

int list_choices(const choices_arguments& given, console& on) {
  const auto name = learning_file("choices", given.book, on);
  if (!name)
    return exit_bad_input;
  const auto file = choice_file::open(*name, false);
  if (!file)
    return refuse(file.error(), on);
  const auto choices = (*file)->newest(given.count, false);
  if (!choices)
    return refuse(choices.error(), on);
  if (!given.book.json) {
    on.out.write(
        choices_table(*choices, page_for(on.out, given.book.no_color)));
    return exit_done;
  }
  boost::json::array all;
  for (const auto& it : *choices)
    all.push_back(as_json(it));
  on.out.line(
      boost::json::serialize(boost::json::object{{"choices", std::move(all)}}));
  return exit_done;
}

int judge_call(const judge_arguments& given, console& on) {
  const auto call = protocol::parse_id(given.call);
  if (!call)
    return refuse(
        fail(errc::invalid_request, "'" + given.call + "' is no call"), on);
  const auto name = learning_file("judge", given.book, on);
  if (!name)
    return exit_bad_input;
  const auto file = choice_file::open(*name, false);
  if (!file)
    return refuse(file.error(), on);
  const auto model =
      (*file)->judge({*call, given.percent * permille_a_percent});
  if (!model)
    return refuse(model.error(), on);
  on.out.line(*model + ": " + std::to_string(given.percent)
              + " of 100; learned from at the next start");
  return exit_done;
}

} // namespace troupe::cli
