#include "commands.hpp"
#include "exit_code.hpp"
#include "report/tree_text.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/protocol/json.hpp>
#include <troupe/runtime/runtime.hpp>

#include <boost/json/serialize.hpp>

namespace troupe::cli {

int show_tree(const tree_arguments& given, console& on) {
  const auto with = load_setup(given.common, on);
  if (!with)
    return exit_bad_input;
  const auto host = start_host(*with);
  if (!host)
    return refuse(host.error(), on);
  const auto tree = host->tree();
  if (!tree)
    return refuse(tree.error(), on);
  if (given.common.json)
    on.out.line(boost::json::serialize(protocol::to_json(*tree)));
  else
    on.out.write(
        report::tree_text(*tree, page_for(on.out, given.common.no_color)));
  return exit_done;
}

} // namespace troupe::cli
