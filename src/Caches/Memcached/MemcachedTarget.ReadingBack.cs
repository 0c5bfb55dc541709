using System.Buffers;
using CacheBackup.Core.Memcached;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;

namespace CacheBackup.Caches.Memcached;

/// <summary>Reading back, and what only other engines have.</summary>
internal sealed partial class MemcachedTarget
{
    /// <summary><c>mg </c>, the name, <c> f t v u b</c> and the line's end.</summary>
    private const int MostGetBytes = 3 + ItemKey.MaxBytes + 12;

    private readonly ArrayBufferWriter<byte> _asking = new(MemcachedConnection.TlsPieceBytes);
    private readonly ValueDigester _digester = new();

    /// <summary>Values are compared as they come, or digested where the expected one is not at hand; none is held.</summary>
    public async Task<IReadOnlyList<ReadBack>> ReadBackAsync(int database, IReadOnlyList<ReadBackRequest> requests, CancellationToken cancellationToken)
    {
        if (_marks.Count > 0 || _unmarkedBytes > 0)
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        long askedAtSeconds = _clock.NowSeconds;

        // Both at once: a server that cannot get rid of its answers takes no more commands.
        Task asking = AskAsync(requests, cancellationToken);
        var answers = new ReadBack[requests.Count];
        try
        {
            for (int i = 0; i < answers.Length; i++)
            {
                answers[i] = await ReadAsync(requests[i], askedAtSeconds, cancellationToken).ConfigureAwait(false);
            }
        }
        catch
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await asking.ConfigureAwait(false);
        return answers;
    }

    private async Task AskAsync(IReadOnlyList<ReadBackRequest> requests, CancellationToken cancellationToken)
    {
        _asking.ResetWrittenCount();
        foreach (ReadBackRequest request in requests)
        {
            if (_asking.WrittenCount > MemcachedConnection.TlsPieceBytes - MostGetBytes)
            {
                await _connection.SendAsync(_asking.WrittenMemory, cancellationToken).ConfigureAwait(false);
                _asking.ResetWrittenCount();
            }

            WriteGet(request.Key.Span);
        }

        await _connection.SendAsync(_asking.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }

    public Task<long> RemoveTemporaryAsync(int database, TemporaryKeys temporaryKeys, CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<IReadOnlyList<ReadOnlyMemory<byte>>> ListFunctionsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ReadOnlyMemory<byte>>>([]);

    public Task LoadFunctionAsync(ReadOnlyMemory<byte> librarySource, CancellationToken cancellationToken) => throw NoSuchThing();

    public ValueTask BeginStringAsync(
        RestoreEntry entryWithoutValue, long lengthBytes, TemporaryKeys temporaryKeys, CancellationToken cancellationToken) => throw NoSuchThing();

    public ValueTask AppendStringAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => throw NoSuchThing();

    public ValueTask EndStringAsync(CancellationToken cancellationToken) => throw NoSuchThing();

    public ValueTask<ReadOnlyMemory<byte>> BeginElementsAsync(
        RestoreEntry entryWithoutValue, TemporaryKeys temporaryKeys, CancellationToken cancellationToken) => throw NoSuchThing();

    public ValueTask AppendElementsAsync(CommandPart commands, CancellationToken cancellationToken) => throw NoSuchThing();

    public ValueTask EndElementsAsync(bool mayVanish, CancellationToken cancellationToken) => throw NoSuchThing();

    /// <summary>
    /// <see cref="TargetFormats"/> say that Memcached takes neither pieces nor functions: who asks for them all the same is wrong.
    /// </summary>
    private static NotSupportedException NoSuchThing() => new("Memcached has items alone, which go in one piece.");

    private void WriteGet(ReadOnlySpan<byte> key)
    {
        Span<byte> command = _asking.GetSpan(MostGetBytes);
        "mg "u8.CopyTo(command);
        if (!ItemKey.TryName(key, command.Slice(3, ItemKey.MaxBytes), out int length, out bool isEncoded))
        {
            throw new BackupNotRestorableException("The key of an item cannot be named in a command.");
        }

        ReadOnlySpan<byte> rest = isEncoded ? " f t v u b\r\n"u8 : " f t v u\r\n"u8;
        rest.CopyTo(command[(3 + length)..]);
        _asking.Advance(3 + length + rest.Length);
    }

    private async ValueTask<ReadBack> ReadAsync(ReadBackRequest request, long askedAtSeconds, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> line = await _connection.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        if (!MetaReply.TryRead(line.Span, out MetaReply reply))
        {
            throw _connection.Refusal("mg", System.Text.Encoding.ASCII.GetString(line.Span));
        }

        if (!reply.Exists)
        {
            return default;
        }

        long expiry = _clock.ExpiryOf(askedAtSeconds, reply.SecondsLeft, (request.ExpectedExpireAtMilliseconds ?? 0) / 1000);
        (bool isSame, ValueDigest digest) = await ReadValueAsync(reply.LengthBytes, request.ExpectedValue, cancellationToken).ConfigureAwait(false);
        return new ReadBack(true, isSame, digest, expiry == 0 ? null : expiry * 1000, reply.Flags);
    }

    private async ValueTask<(bool IsSame, ValueDigest Digest)> ReadValueAsync(
        int lengthBytes, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken)
    {
        bool isSame = expected.Length == lengthBytes;
        bool isDigested = expected.IsEmpty && lengthBytes > 0;
        if (isDigested)
        {
            _digester.BeginText(lengthBytes);
        }

        for (int done = 0; done < lengthBytes;)
        {
            ReadOnlyMemory<byte> piece = _connection.Received;
            piece = piece[..Math.Min(piece.Length, lengthBytes - done)];
            if (piece.IsEmpty)
            {
                await _connection.ReceiveAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            isSame = isSame && expected.Span.Slice(done, piece.Length).SequenceEqual(piece.Span);
            if (isDigested)
            {
                _digester.Append(piece.Span);
            }

            _connection.Take(piece.Length);
            done += piece.Length;
        }

        ReadOnlyMemory<byte> end = await _connection.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        return end.IsEmpty
            ? (isSame, isDigested ? _digester.Complete() : default)
            : throw _connection.Refusal("mg", "a value that is longer than it said");
    }
}
