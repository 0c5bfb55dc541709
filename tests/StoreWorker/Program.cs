using CacheBackup.Core.Storage;
using CacheBackup.StoreWorker;

// One of several processes that use the same directory store at the same time, for tests that race or kill them. It says "ready",
// waits for a line, and then writes one line for each thing that the store has acknowledged.
DirectoryObjectStore store;
try
{
    store = DirectoryObjectStore.Open(args[1], TimeProvider.System);
    Console.Out.WriteLine("ready");
    Console.In.ReadLine();
    await (args[0] switch
    {
        "create" => Race.CreateAsync(store, args[2], rounds: int.Parse(args[3], null)),
        "change" => Race.ChangeAsync(store, args[2], rounds: int.Parse(args[3], null)),
        "write" => EndlessWriter.RunAsync(store, args[2]),
        _ => throw new ArgumentException($"There is no command '{args[0]}'."),
    });
    return 0;
}
catch (StoreAccessDeniedException refused)
{
    Console.Out.WriteLine($"{nameof(StoreAccessDeniedException)}: {refused.Message}");
    return 3;
}
