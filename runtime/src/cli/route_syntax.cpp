#include "route_syntax.hpp"

#include "common_options.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace troupe::cli {

namespace {

void read_price(const char* option, const std::string& text,
                protocol::money protocol::price_limit::*part,
                protocol::model_terms& terms) {
  const auto price = protocol::parse_money(text);
  if (!price || *price < protocol::money{})
    throw CLI::ValidationError(option, "'" + text + "': "
                                           + (price ? "a price is not negative"
                                                    : price.error().detail));
  if (!terms.price_max)
    terms.price_max.emplace();
  (*terms.price_max).*part = *price;
}

void add_terms(CLI::App& route, protocol::model_terms& terms) {
  using protocol::price_limit;
  route
      .add_option("--skill", terms.skills,
                  "The model must have it, as in vision; more than one: all")
      ->type_name("NAME")
      ->allow_extra_args(false);
  route
      .add_option("--region", terms.regions,
                  "The model must run there, as in eu; more than one: in any")
      ->type_name("NAME")
      ->allow_extra_args(false);
  route
      .add_option_function<std::string>(
          "--input-price-max",
          [&terms](const std::string& text) {
            read_price("--input-price-max", text, &price_limit::input, terms);
          },
          "Most that a million tokens of prompt may cost, in US dollars")
      ->type_name("USD");
  route
      .add_option_function<std::string>(
          "--output-price-max",
          [&terms](const std::string& text) {
            read_price("--output-price-max", text, &price_limit::output, terms);
          },
          "Most that a million tokens of answer may cost, in US dollars")
      ->type_name("USD");
}

} // namespace

void add_route(CLI::App& app, route_arguments& given) {
  auto* route = add_command(
      app, "route", "Show which model a prompt would go to, and why",
      "  troupe route Who was the first emperor of Rome?\n"
      "  troupe route --tier expert --tools --json Mend the build\n"
      "  troupe route --skill vision --region eu What is this?");
  route->add_option("text", given.text, "The prompt, in words")
      ->required()
      ->type_name("TEXT");
  route
      ->add_option("--tier", given.tier,
                   "The least tier; else as complex as the text looks")
      ->type_name("TIER")
      ->check(CLI::IsMember({"basic", "advanced", "expert"}));
  route->add_option("--model", given.model, "This model only")->type_name("ID");
  route->add_flag("--tools", given.tools, "The model must use tools");
  add_terms(*route, given.terms);
  route
      ->add_option("--output", given.output_tokens,
                   "Tokens of the longest answer; else 1024")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000'000).description("1..10000000"));
  add_json(*route, given.common.json, "One JSON object");
  add_config(*route, given.common.config);
  add_no_color(*route, given.common.no_color);
}

} // namespace troupe::cli
