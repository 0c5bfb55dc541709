using System.Collections.Concurrent;
using System.Diagnostics;
using CacheBackup.Core;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Local.Files;

namespace CacheBackup.Local.Provisioning;

/// <summary>
/// Makes new caches on this machine: a <c>redis-server</c> or <c>valkey-server</c> process each, on a free port of 127.0.0.1, with a password
/// and a directory of its own. Servers are in sessions of their own: they outlive this process, and a later one finds them again by what
/// lies in their directories. One process at a time works on a folder.
/// </summary>
public sealed class LocalProvisioner(LocalProvisionerOptions options, IObjectStore store, TimeProvider time) : IProvisioner, IDisposable
{
    private const int StartAttempts = 5;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _gates = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _ports = new(1);

    public async Task<CacheVersion> VersionOfAsync(CacheEngine engine, CancellationToken cancellationToken) =>
        (await ServerProgram.FindAsync(engine, options.ReadVariable, cancellationToken)).Version;

    /// <remarks>
    /// Another generation of the same name is another cache with another directory; <see cref="RemoveAsync"/> alone takes directories away.
    /// </remarks>
    public async Task<CacheAddress> ProvisionAsync(ProvisionRequest request, CancellationToken cancellationToken)
    {
        ServerDirectory directory = ServerDirectory.Of(options.Folder, request.Name, request.Generation);
        using IDisposable held = await HoldAsync(directory, cancellationToken);
        ServerRecord record = await directory.ReadRecordAsync(cancellationToken) ?? await PrepareAsync(directory, request, cancellationToken);
        return AddressOf(directory, await EnsureRunningAsync(directory, record, cancellationToken));
    }

    public async Task RemoveAsync(CacheName name, CancellationToken cancellationToken)
    {
        foreach (ServerDirectory directory in ServerDirectory.All(options.Folder, name))
        {
            using IDisposable held = await HoldAsync(directory, cancellationToken);
            await RemoveServerAsync(directory, cancellationToken);
        }
    }

    /// <summary>Sees that every server that was ever made here, and not removed, runs. One that does not start keeps no other from it.</summary>
    public Task<IReadOnlyList<KnownServer>> StartKnownAsync(CancellationToken cancellationToken) => ForAllAsync(
        (directory, record) => EnsureRunningAsync(directory, record, cancellationToken), cancellationToken);

    /// <summary>
    /// Stops every server, each with all its data saved. One that cannot save is left running, so that nothing is lost, and says so.
    /// </summary>
    public Task<IReadOnlyList<KnownServer>> StopAllAsync(CancellationToken cancellationToken) => ForAllAsync(
        (directory, record) => StopAsync(directory, record, cancellationToken), cancellationToken);

    public void Dispose()
    {
        _ports.Dispose();
        foreach (SemaphoreSlim gate in _gates.Values)
        {
            gate.Dispose();
        }
    }

    /// <summary>Lays out all that a new server starts from. The record comes last: without it, this is done again from the beginning.</summary>
    private async Task<ServerRecord> PrepareAsync(ServerDirectory directory, ProvisionRequest request, CancellationToken cancellationToken)
    {
        // A missing program is told before anything is copied.
        await ServerProgram.FindAsync(request.Engine, options.ReadVariable, cancellationToken);
        PrivateFile.CreateDirectory(options.Folder);
        PrivateFile.CreateDirectory(directory.FullPath);
        await directory.WritePasswordAsync(cancellationToken);
        if (request.LoadFrom is { } key)
        {
            await new DataFileCopy(request.Store ?? store, options.SpareBytes).RunAsync(key, directory, cancellationToken);
        }

        ServerRecord record = new() { Name = request.Name, Generation = request.Generation, Engine = request.Engine, Port = 0 };
        return await MoveAsync(directory, record, cancellationToken);
    }

    /// <summary>Returns the record of a server that runs and serves. Before it has served for the first time its port may change.</summary>
    private async Task<ServerRecord> EnsureRunningAsync(ServerDirectory directory, ServerRecord record, CancellationToken cancellationToken)
    {
        for (int attempt = 1; !await StartAsync(directory, record, cancellationToken); attempt++)
        {
            // Between the look at the port and the server's bind another program took it.
            if (record.HasServed || attempt == StartAttempts)
            {
                throw new ProvisioningException(
                    $"Another program has port {record.Port} of 127.0.0.1, which belongs to cache {record.Name}. Stop that program, then start again.");
            }

            record = await MoveAsync(directory, record, cancellationToken);
        }

        if (!record.HasServed)
        {
            record = record with { HasServed = true };
            await directory.WriteRecordAsync(record, cancellationToken);
        }

        return record;
    }

    /// <returns>True: it serves. False: the port is another program's.</returns>
    private async Task<bool> StartAsync(ServerDirectory directory, ServerRecord record, CancellationToken cancellationToken)
    {
        ServerLine line = new(AddressOf(directory, record), time);
        ServerAnswer answer = await line.AskAsync(cancellationToken);
        if (answer is ServerAnswer.Ready or ServerAnswer.Foreign)
        {
            return answer == ServerAnswer.Ready;
        }

        ServerProgram program = await ServerProgram.FindAsync(record.Engine, options.ReadVariable, cancellationToken);
        ServerStart start = new(program, directory, line, options.StartPatience, time);
        if (answer == ServerAnswer.Loading || ServerProcesses.Find(directory) is not null)
        {
            return await start.WaitAsync(null, cancellationToken);
        }

        await directory.WriteConfigurationAsync(record.Port, cancellationToken);
        using Process process = ServerLaunch.Start(program, directory);
        return await start.WaitAsync(process, cancellationToken);
    }

    /// <summary>Gives a server a free port and notes it.</summary>
    private async Task<ServerRecord> MoveAsync(ServerDirectory directory, ServerRecord record, CancellationToken cancellationToken)
    {
        await _ports.WaitAsync(cancellationToken);
        try
        {
            HashSet<int> taken = [];
            foreach (ServerDirectory other in ServerDirectory.All(options.Folder))
            {
                if (await other.ReadRecordAsync(cancellationToken) is { } known)
                {
                    taken.Add(known.Port);
                }
            }

            // Before the server is started: whatever happens from here on, the next attempt looks for it where the record says.
            ServerRecord reserved = record with { Port = ServerPorts.FindFree(taken) };
            await directory.WriteRecordAsync(reserved, cancellationToken);
            return reserved;
        }
        finally
        {
            _ports.Release();
        }
    }

    private async Task RemoveServerAsync(ServerDirectory directory, CancellationToken cancellationToken)
    {
        if (ServerProcesses.Find(directory) is { } processId)
        {
            await ServerProcesses.KillAsync(processId, directory, time, cancellationToken);
        }

        if (Directory.Exists(directory.FullPath))
        {
            Directory.Delete(directory.FullPath, recursive: true);
            DirectorySync.Flush(options.Folder);
        }
    }

    private async Task StopAsync(ServerDirectory directory, ServerRecord record, CancellationToken cancellationToken)
    {
        if (ServerProcesses.Find(directory) is not { } processId)
        {
            return;
        }

        await new ServerLine(AddressOf(directory, record), time).ShutDownAsync(save: true, cancellationToken);
        if (!await ServerProcesses.WaitUntilGoneAsync(processId, directory, StopPatience, time, cancellationToken))
        {
            throw new ProvisioningException($"Process {processId} said that it ends and did not for {StopPatience.TotalSeconds} s.");
        }
    }

    private async Task<IReadOnlyList<KnownServer>> ForAllAsync(
        Func<ServerDirectory, ServerRecord, Task> action, CancellationToken cancellationToken)
    {
        List<KnownServer> servers = [];
        foreach (ServerDirectory directory in ServerDirectory.All(options.Folder))
        {
            if (await directory.ReadRecordAsync(cancellationToken) is { } record)
            {
                string? failure = null;
                try
                {
                    using IDisposable held = await HoldAsync(directory, cancellationToken);
                    await action(directory, record);
                }
                catch (Exception e) when (e is PermanentException or TransientException or IOException)
                {
                    failure = e.Message;
                }

                servers.Add(new KnownServer(record.Name, record.Generation, AddressOf(directory, record).Endpoint, failure));
            }
        }

        return servers;
    }

    private static CacheAddress AddressOf(ServerDirectory directory, ServerRecord record) =>
        new() { Endpoint = new CacheEndpoint("127.0.0.1", record.Port), Password = directory.Password };

    /// <summary>A step that is repeated while its first attempt still runs waits for it.</summary>
    private async Task<IDisposable> HoldAsync(ServerDirectory directory, CancellationToken cancellationToken)
    {
        SemaphoreSlim gate = _gates.GetOrAdd(directory.FullPath, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        return new Held(gate);
    }

    private sealed class Held(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
