using CacheBackup.Faults.Host;
using CacheBackup.Local.Host;

// A local host that kills itself (SIGKILL) right after a named effect on the outside.
// Arguments: data directory, file for the effects, name of the effect. Its URL is the first line that it writes; it ends with its input.
if (args is not [{ } data, { } effectsPath, { } fatalEffect, .. { Length: <= 1 } more])
{
    Console.Error.WriteLine("FaultyHost <data directory> <effects file> <effect to die after> [<keys of a slice>]");
    return 2;
}

using EffectLog effects = new(effectsPath, fatalEffect);
await using LocalHost host = await LocalHost.StartAsync(
    new LocalHostOptions { DataDirectory = data, Url = new Uri("http://127.0.0.1:0") },
    parts => ObservedParts.Around(parts, effects) with { Slices = FaultyHostSlices.Of(more) },
    CancellationToken.None);
Console.WriteLine(host.Url);
await Console.In.ReadToEndAsync();
return 0;
