using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Faults.Host;

/// <summary>Tells of what is written into one target.</summary>
internal sealed class ObservedTarget(IRestoreTarget inner, EffectLog effects) : IRestoreTarget
{
    public Task<CacheProbe> DescribeAsync(CancellationToken cancellationToken) => inner.DescribeAsync(cancellationToken);

    public Task<long> TimeAsync(CancellationToken cancellationToken) => inner.TimeAsync(cancellationToken);

    public async ValueTask RestoreAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        await inner.RestoreAsync(entry, cancellationToken);
        effects.TellCounted(Effect.EntrySent);
    }

    public ValueTask BeginLargeAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken) =>
        inner.BeginLargeAsync(entryWithoutValue, valueLengthBytes, cancellationToken);

    public ValueTask AppendLargeAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken) =>
        inner.AppendLargeAsync(fragment, cancellationToken);

    public async ValueTask EndLargeAsync(CancellationToken cancellationToken)
    {
        await inner.EndLargeAsync(cancellationToken);
        effects.TellCounted(Effect.LargeValueSent);
    }

    public ValueTask BeginStringAsync(
        RestoreEntry entryWithoutValue, long lengthBytes, TemporaryKeys temporaryKeys, CancellationToken cancellationToken) =>
        inner.BeginStringAsync(entryWithoutValue, lengthBytes, temporaryKeys, cancellationToken);

    public ValueTask AppendStringAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) =>
        inner.AppendStringAsync(piece, cancellationToken);

    public async ValueTask EndStringAsync(CancellationToken cancellationToken)
    {
        await inner.EndStringAsync(cancellationToken);
        effects.TellCounted(Effect.LargeValueSent);
    }

    public ValueTask<ReadOnlyMemory<byte>> BeginElementsAsync(
        RestoreEntry entryWithoutValue, TemporaryKeys temporaryKeys, CancellationToken cancellationToken) =>
        inner.BeginElementsAsync(entryWithoutValue, temporaryKeys, cancellationToken);

    public ValueTask AppendElementsAsync(CommandPart commands, CancellationToken cancellationToken) =>
        inner.AppendElementsAsync(commands, cancellationToken);

    public async ValueTask EndElementsAsync(bool mayVanish, CancellationToken cancellationToken)
    {
        await inner.EndElementsAsync(mayVanish, cancellationToken);
        effects.TellCounted(Effect.LargeValueSent);
    }

    public ValueTask<TargetFormats> FormatsAsync(CancellationToken cancellationToken) => inner.FormatsAsync(cancellationToken);

    public Task<long> RemoveTemporaryAsync(int database, TemporaryKeys temporaryKeys, CancellationToken cancellationToken) =>
        inner.RemoveTemporaryAsync(database, temporaryKeys, cancellationToken);

    public Task<long> LongestArgumentBytesAsync(CancellationToken cancellationToken) => inner.LongestArgumentBytesAsync(cancellationToken);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await inner.FlushAsync(cancellationToken);
        effects.TellCounted(Effect.BatchFlushed);
    }

    public async Task LoadFunctionAsync(ReadOnlyMemory<byte> librarySource, CancellationToken cancellationToken)
    {
        await inner.LoadFunctionAsync(librarySource, cancellationToken);
        effects.Tell(Effect.FunctionLoaded);
    }

    public Task<IReadOnlyList<ReadOnlyMemory<byte>>> ListFunctionsAsync(CancellationToken cancellationToken) =>
        inner.ListFunctionsAsync(cancellationToken);

    public Task<IReadOnlyList<ReadBack>> ReadBackAsync(
        int database, IReadOnlyList<ReadBackRequest> requests, CancellationToken cancellationToken) =>
        inner.ReadBackAsync(database, requests, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
