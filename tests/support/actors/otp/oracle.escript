#!/usr/bin/env escript
%% Plays supervision trees and what befalls them with OTP's own supervisor, and
%% prints what happened: tests/actors/otp_difference_test.cpp compares that with
%% ours. Usage: escript oracle.escript PLAYS, a file of terms
%% {Seed, Tree, Steps}.
-module(oracle).
-mode(compile).
-export([main/1, init/1, start_worker/2, start_supervisor/1]).

main([File]) ->
    logger:set_primary_config(level, none),
    process_flag(trap_exit, true),
    ets:new(told, [named_table, public]),
    register(scribe, spawn_link(fun scribe/0)),
    {ok, Plays} = file:consult(File),
    lists:foreach(fun play/1, Plays).

play({Seed, Tree, Steps}) ->
    ets:delete_all_objects(told),
    ets:insert(told, {notes, []}),
    io:format("seed ~b~n", [Seed]),
    case start_supervisor(Tree) of
        {ok, Top} ->
            settle(Top),
            print(Top),
            lists:foreach(fun(Step) -> step(Step, Top) end, Steps),
            Ref = monitor(process, Top),
            exit(Top, shutdown),
            receive {'DOWN', Ref, process, Top, _} -> ok end,
            flush();
        {error, _} ->
            note("= start_failed")
    end,
    print_notes().

flush() ->
    receive {'EXIT', _, _} -> flush() after 0 -> ok end.

%% What happens, in order. One process writes it down; it looks first who was
%% killed meanwhile.
note(Line) -> tell_scribe(Line).

tell_scribe(What) ->
    Ref = make_ref(),
    scribe ! {self(), Ref, What},
    receive {Ref, done} -> ok end.

scribe() ->
    receive
        {From, Ref, What} ->
            look_for_killed(),
            [{notes, Notes}] = ets:lookup(told, notes),
            [ets:insert(told, {notes, [What | Notes]}) || What =/= look],
            From ! {Ref, done},
            scribe()
    end.

look_for_killed() ->
    Dead = [Id || {{pid, Id}, Pid} <- ets:tab2list(told),
                  not is_process_alive(Pid)],
    [{notes, Notes}] = ets:lookup(told, notes),
    [ets:delete(told, {pid, Id}) || Id <- Dead],
    ets:insert(told, {notes, lists:reverse(["x" ++ Id || Id <- lists:sort(Dead)])
                      ++ Notes}).

print_notes() ->
    tell_scribe(look),
    [{notes, Notes}] = ets:lookup(told, notes),
    ets:insert(told, {notes, []}),
    [io:format("~s~n", [Line]) || Line <- lists:reverse(Notes)].

print(Top) ->
    print_notes(),
    print_tree("top", Top).

print_tree(Id, Pid) ->
    case is_process_alive(Pid) of
        false -> ok;
        true ->
            Children = children(Pid),
            Words = [[Name, " ", if is_pid(Child) -> "running";
                                    true -> "idle" end]
                     || {Name, Child, _} <- Children],
            io:format("~s: ~s~n", [Id, lists:join(", ", Words)]),
            [print_tree(Name, Child)
             || {Name, Child, supervisor} <- Children, is_pid(Child)]
    end.

%% In starting order; dynamic ones have no ids there, and no order.
children(Pid) ->
    Names = maps:from_list([{P, Id} || {{pid, Id}, P} <- ets:tab2list(told)]),
    case supervisor:which_children(Pid) of
        [{undefined, _, _, _} | _] = Dynamic ->
            lists:sort([{maps:get(Child, Names, "?"), Child, Kind}
                        || {_, Child, Kind, _} <- Dynamic]);
        Children ->
            lists:reverse([{Id, Child, Kind} || {Id, Child, Kind, _} <- Children])
    end.

%% Until nobody has a dead child or is about to start one.
settle(Top) ->
    case is_settled(Top) orelse not is_process_alive(Top) of
        true -> flush();
        false -> erlang:yield(), settle(Top)
    end.

is_settled(Pid) ->
    try supervisor:which_children(Pid) of
        Children ->
            lists:all(fun({_, undefined, _, _}) -> true;
                         ({_, restarting, _, _}) -> false;
                         ({_, Child, supervisor, _}) ->
                              is_process_alive(Child)
                                  andalso is_settled(Child);
                         ({_, Child, _, _}) -> is_process_alive(Child)
                      end, Children)
    catch
        exit:_ -> false
    end.

step(Step, Top) ->
    case is_process_alive(Top) of
        true ->
            do(Step),
            settle(Top),
            print(Top);
        false -> ok
    end.

do({crash, Id, Reason}) ->
    case ets:take(told, {pid, Id}) of
        [{_, Pid}] ->
            Ref = monitor(process, Pid),
            case Reason of
                kill -> exit(Pid, kill);
                _ -> Pid ! {crash, Reason}
            end,
            receive {'DOWN', Ref, process, Pid, _} -> ok end;
        [] -> ok
    end;
do({start, Sup, Child}) ->
    ask(Sup, fun(Pid) ->
                     supervisor:start_child(Pid, child_spec(Child))
             end);
do({start_dynamic, Sup, Child}) ->
    ask(Sup, fun(Pid) -> supervisor:start_child(Pid, [Child]) end);
do({terminate, Sup, Id}) ->
    ask(Sup, fun(Pid) -> supervisor:terminate_child(Pid, Id) end);
do({terminate_dynamic, Sup, Id}) ->
    ask(Sup, fun(Pid) ->
                     case ets:lookup(told, {pid, Id}) of
                         [{_, Child}] ->
                             supervisor:terminate_child(Pid, Child);
                         [] -> {error, not_found}
                     end
             end);
do({restart, Sup, Id}) ->
    ask(Sup, fun(Pid) -> supervisor:restart_child(Pid, Id) end);
do({delete, Sup, Id}) ->
    ask(Sup, fun(Pid) -> supervisor:delete_child(Pid, Id) end).

ask(Sup, What) ->
    case ets:lookup(told, {sup, Sup}) of
        [{_, Pid}] ->
            case is_process_alive(Pid) of
                true -> note("= " ++ answer(What(Pid)));
                false -> note("= gone")
            end;
        [] -> note("= gone")
    end.

answer(ok) -> "done";
answer({ok, undefined}) -> "ignored";
answer({ok, _}) -> "done";
answer({error, {already_started, _}}) -> "already_started";
answer({error, simple_one_for_one}) -> "dynamic";
answer({error, Why}) when is_atom(Why), Why =/= no -> atom_to_list(Why);
answer({error, _}) -> "start_failed".

%% Supervisors.
start_supervisor({sup, Id, _, _, _, _} = Tree) ->
    case supervisor:start_link(?MODULE, Tree) of
        {ok, Pid} ->
            ets:insert(told, {{sup, Id}, Pid}),
            {ok, Pid};
        Other -> Other
    end.

init({sup, _, simple_one_for_one, Intensity, Ends, {Restart, Shutdown, Sig}}) ->
    {ok, {#{strategy => simple_one_for_one, intensity => Intensity,
            period => 3600, auto_shutdown => Ends},
          [#{id => any, start => {?MODULE, start_worker, [dynamic]},
             restart => Restart, shutdown => Shutdown, significant => Sig}]}};
init({sup, _, Strategy, Intensity, Ends, Children}) ->
    {ok, {#{strategy => Strategy, intensity => Intensity, period => 3600,
            auto_shutdown => Ends},
          [child_spec(Child) || Child <- Children]}}.

child_spec({Id, Restart, Shutdown, Sig, {worker, _, _, _} = Worker}) ->
    #{id => Id, start => {?MODULE, start_worker, [Id, Worker]},
      restart => Restart, shutdown => Shutdown, significant => Sig};
child_spec({Id, Restart, Shutdown, Sig, Tree}) ->
    #{id => Id, start => {?MODULE, start_supervisor, [Tree]},
      restart => Restart, shutdown => Shutdown, significant => Sig,
      type => supervisor}.

%% Workers. What starts them runs in their supervisor.
start_worker(dynamic, {Id, Worker}) ->
    start_worker(Id, Worker);
start_worker(Id, {worker, Failing, Ignoring, Hangs}) ->
    Attempt = ets:update_counter(told, {starts, Id}, 1, {{starts, Id}, 0}),
    case {lists:member(Attempt, Failing), lists:member(Attempt, Ignoring)} of
        {true, _} -> note("!" ++ Id), {error, no};
        {_, true} -> note("~" ++ Id), ignore;
        _ ->
            note("+" ++ Id),
            Sup = self(),
            Pid = spawn_link(fun() ->
                                     process_flag(trap_exit, true),
                                     Sup ! {self(), ready},
                                     work(Id, Sup, Hangs)
                             end),
            receive {Pid, ready} -> ok end,
            ets:insert(told, {{pid, Id}, Pid}),
            {ok, Pid}
    end.

work(Id, Sup, Hangs) ->
    receive
        {'EXIT', Sup, _} when not Hangs ->
            ets:delete(told, {pid, Id}),
            note("-" ++ Id),
            exit(shutdown);
        {crash, Reason} -> exit(Reason);
        _ -> work(Id, Sup, Hangs)
    end.
