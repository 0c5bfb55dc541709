using System.IO.Pipelines;
using System.Text.Json;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>Checks a file. Damage is a result, not an exception.</summary>
internal static class FileVerification
{
    private const int BufferBytes = 1024 * 1024;

    /// <param name="decodeValues">Also look into every value.</param>
    public static async Task<Verification> RunAsync(string path, bool decodeValues, ToolConsole console, CancellationToken cancellationToken)
    {
        await using FileStream file = FileIndexing.Open(path);
        long length = file.Length;
        await using ProgressPhase progress = console.Begin("verify", length);
        await using Stream watched = new WatchedStream(file, bytes => progress.Report(new TransferProgress(bytes, length, 0)));
        PipeReader input = PipeReader.Create(watched, new StreamPipeReaderOptions(bufferSize: BufferBytes, minimumReadSize: BufferBytes / 2));
        RdbVerificationOptions options = new()
        {
            DecodeValues = decodeValues,
            Reader = RdbReaderOptions.Default with { EndOffsetBytes = length },
        };
        RdbVerification verification = await RdbVerification.RunAsync(input, options, cancellationToken);
        await input.CompleteAsync();
        return Describe(path, length, verification);
    }

    private static Verification Describe(string path, long length, RdbVerification verification) => new()
    {
        File = path,
        Verdict = Word(verification.Verdict.ToString()),
        Reason = verification.Reason,
        Code = verification.Code?.ToString(),
        Offset = verification.OffsetBytes,
        RdbVersion = verification.RdbVersion?.ToString(),
        SizeBytes = length,
        Keys = verification.Summary.Keys,
        KeysWithExpiry = verification.Summary.KeysWithExpiry,
        ExpiredKeys = verification.Summary.ExpiredKeys,
        Functions = verification.Summary.Functions,
        Databases = [.. verification.Summary.Databases.Where(database => database.Keys > 0).Select(database => database.Number)],
        Types = verification.Summary.Types.ToDictionary(type => ValueKind.EncodingOf(type.Key), type => type.Value),
    };

    private static string Word(string name) => JsonNamingPolicy.KebabCaseLower.ConvertName(name);

    /// <summary>Tells how far a stream was read.</summary>
    private sealed class WatchedStream(Stream inner, Action<long> reached) : Stream
    {
        private long _bytes;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => inner.Length;

        public override long Position
        {
            get => _bytes;
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Count(await inner.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Count(int read)
        {
            _bytes += read;
            reached(_bytes);
            return read;
        }
    }
}
