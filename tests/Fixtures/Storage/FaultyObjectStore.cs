using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using CacheBackup.Core.Storage;

namespace CacheBackup.Fixtures.Storage;

/// <summary>A store whose calls fail as planned, each fault at the call that it names.</summary>
public sealed class FaultyObjectStore(IObjectStore inner, IReadOnlyList<StoreFault> faults) : IObjectStore
{
    private readonly ConcurrentDictionary<StoreOperation, int> _calls = new();

    /// <summary>How often an operation was called, faults included.</summary>
    public int Calls(StoreOperation operation) => _calls.GetValueOrDefault(operation);

    public async Task<ObjectContent> GetAsync(ObjectKey key, ByteRange? range, CancellationToken cancellationToken)
    {
        StoreFaultKind? fault = Next(StoreOperation.Get);
        ObjectContent content = await CallAsync(fault, key, () => inner.GetAsync(key, range, cancellationToken), cancellationToken);
        return fault is StoreFaultKind.ResetMidBody or StoreFaultKind.ShortRead or StoreFaultKind.FlippedByte
            ? await DamageAsync(content, key, fault.Value, cancellationToken)
            : content;
    }

    public Task<ObjectSummary?> HeadAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        StoreFaultKind? fault = Next(StoreOperation.Head);
        return fault == StoreFaultKind.NotFound
            ? Task.FromResult<ObjectSummary?>(null)
            : CallAsync(fault, key, () => inner.HeadAsync(key, cancellationToken), cancellationToken);
    }

    public Task<ObjectTag> PutAsync(
        ObjectKey key, ReadOnlyMemory<byte> content, WriteCondition condition, CancellationToken cancellationToken)
    {
        StoreFaultKind? fault = Next(StoreOperation.Put);
        ReadOnlyMemory<byte> sent = fault == StoreFaultKind.FlippedByte ? Flip(content) : content;
        return CallAsync(fault, key, () => inner.PutAsync(key, sent, condition, cancellationToken), cancellationToken);
    }

    public Task DeleteAsync(ObjectKey key, CancellationToken cancellationToken) =>
        CallAsync(
            Next(StoreOperation.Delete),
            key,
            async () =>
            {
                await inner.DeleteAsync(key, cancellationToken);
                return key;
            },
            cancellationToken);

    public Task DeleteAsync(ObjectKey key, WriteCondition condition, CancellationToken cancellationToken) =>
        CallAsync(
            Next(StoreOperation.Delete),
            key,
            async () =>
            {
                await inner.DeleteAsync(key, condition, cancellationToken);
                return key;
            },
            cancellationToken);

    public async IAsyncEnumerable<ObjectSummary> ListAsync(
        string prefix, string? startAfter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreFaultKind? fault = Next(StoreOperation.List);
        await CallAsync(fault, default, () => Task.FromResult(true), cancellationToken);
        await foreach (ObjectSummary summary in inner.ListAsync(prefix, startAfter, cancellationToken))
        {
            yield return summary;
        }
    }

    public Task<UploadId> BeginUploadAsync(ObjectKey key, CancellationToken cancellationToken) =>
        CallAsync(
            Next(StoreOperation.BeginUpload), key, () => inner.BeginUploadAsync(key, cancellationToken), cancellationToken);

    public Task<UploadedPart> UploadPartAsync(
        ObjectKey key, UploadId upload, int partNumber, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        StoreFaultKind? fault = Next(StoreOperation.UploadPart);
        ReadOnlyMemory<byte> sent = fault == StoreFaultKind.FlippedByte ? Flip(content) : content;
        return CallAsync(fault, key, () => inner.UploadPartAsync(key, upload, partNumber, sent, cancellationToken), cancellationToken);
    }

    public Task<ObjectTag> CompleteUploadAsync(
        ObjectKey key, UploadId upload, IReadOnlyList<UploadedPart> parts, WriteCondition condition, CancellationToken cancellationToken) =>
        CallAsync(
            Next(StoreOperation.CompleteUpload),
            key,
            () => inner.CompleteUploadAsync(key, upload, parts, condition, cancellationToken),
            cancellationToken);

    public Task AbortUploadAsync(ObjectKey key, UploadId upload, CancellationToken cancellationToken) =>
        CallAsync(
            Next(StoreOperation.AbortUpload),
            key,
            async () =>
            {
                await inner.AbortUploadAsync(key, upload, cancellationToken);
                return upload;
            },
            cancellationToken);

    public async IAsyncEnumerable<OpenUpload> ListUploadsAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        StoreFaultKind? fault = Next(StoreOperation.ListUploads);
        await CallAsync(fault, default, () => Task.FromResult(true), cancellationToken);
        await foreach (OpenUpload upload in inner.ListUploadsAsync(prefix, cancellationToken))
        {
            yield return upload;
        }
    }

    private static async Task<T> CallAsync<T>(
        StoreFaultKind? fault, ObjectKey key, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        switch (fault)
        {
            case StoreFaultKind.Unavailable:
                throw new StoreUnavailableException("Planned: the store answered 503.");
            case StoreFaultKind.Timeout:
                throw new StoreUnavailableException("Planned: the call timed out.", new TimeoutException());
            case StoreFaultKind.AccessDenied:
                throw new StoreAccessDeniedException("Planned: the role may not.");
            case StoreFaultKind.PreconditionFailed:
                throw new PreconditionFailedException("Planned: the condition did not hold.");
            case StoreFaultKind.Full:
                throw new StoreFullException("Planned: the store is full.");
            case StoreFaultKind.NotFound when typeof(T) == typeof(ObjectContent):
                throw new ObjectNotFoundException($"Planned: no object '{key}'.");
            case StoreFaultKind.NotFound:
                throw new UploadNotFoundException($"Planned: no upload of '{key}'.");
            case StoreFaultKind.Stall:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                break;
        }

        T result = await call();
        return fault == StoreFaultKind.AcknowledgementLost
            ? throw new StoreUnavailableException("Planned: it happened, but the answer was lost.")
            : result;
    }

    private static async Task<ObjectContent> DamageAsync(
        ObjectContent content, ObjectKey key, StoreFaultKind kind, CancellationToken cancellationToken)
    {
        await using ObjectContent whole = content;
        byte[] bytes = new byte[whole.LengthBytes];
        await whole.Stream.ReadExactlyAsync(bytes, cancellationToken);
        Stream body = kind switch
        {
            StoreFaultKind.FlippedByte => new MemoryStream(Flip(bytes)),
            StoreFaultKind.ShortRead => new MemoryStream(bytes, 0, bytes.Length / 2),
            _ => new ResettingStream(bytes.AsMemory(0, bytes.Length / 2)),
        };
        return new ObjectContent(
            new ExactLengthStream(body, whole.LengthBytes, key), whole.LengthBytes, whole.ObjectLengthBytes, whole.Tag);
    }

    private static byte[] Flip(ReadOnlyMemory<byte> content)
    {
        byte[] flipped = content.ToArray();
        if (flipped.Length > 0)
        {
            flipped[flipped.Length / 2] ^= 0x10;
        }

        return flipped;
    }

    private StoreFaultKind? Next(StoreOperation operation)
    {
        int index = _calls.AddOrUpdate(operation, 1, (_, calls) => calls + 1);
        return faults.FirstOrDefault(fault => fault.Operation == operation && (fault.CallIndex ?? index) == index)?.Kind;
    }

    /// <summary>A body whose connection is reset after its bytes.</summary>
    private sealed class ResettingStream(ReadOnlyMemory<byte> bytes) : MemoryStream(bytes.ToArray())
    {
        public override int Read(Span<byte> buffer) =>
            Position < Length ? base.Read(buffer) : throw new IOException("Planned: connection reset by peer.");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            new(Read(buffer.Span));
    }
}
