using System.Buffers;
using System.Text;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Rewrites;

/// <summary>
/// Writes RDB files anew: several into one, one into several, or a part of one. All inputs are read twice: first wholly checked, for damage and
/// for whatever stands in the way, then copied, values as they are stored. Memory is flat: a chunk of the input, the longest key, a buffer for each
/// output, and what <see cref="RewriteSurvey"/> says.
/// </summary>
public sealed class RdbRewrite(RewriteOptions options)
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Above this an output's buffer is written out. With 500 outputs, 32 MiB.</summary>
    private const int DrainBytes = 64 * 1024;

    /// <param name="inputs">At least one.</param>
    /// <param name="outputs">As many as the route has; written forwards only, and left open.</param>
    /// <exception cref="RewriteRefusedException">An input is damaged, or something else stands in the way; nothing has been written.</exception>
    /// <exception cref="NotInRdbVersionException">A value or library has no form in the version; nothing has been written.</exception>
    /// <exception cref="IOException">An input was changed while it was read: what was written is no file.</exception>
    public async Task<RewriteReport> RunAsync(
        IReadOnlyList<RewriteInput> inputs,
        IReadOnlyList<Stream> outputs,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellationToken)
    {
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfNotEqual(outputs.Count, options.Route.Outputs);
        var reading = new Reading(inputs, progress);
        using KeyedRecords<KeyPlace>? places = inputs.Count > 1 ? new KeyedRecords<KeyPlace>(options.Records) : null;
        var survey = new RewriteSurvey(options, inputs, places);
        var summaries = new RdbSummary[inputs.Count];
        for (int i = 0; i < inputs.Count; i++)
        {
            survey.BeginInput(i);
            summaries[i] = await reading.RunAsync(inputs[i], survey, null, cancellationToken);
        }

        survey.RequireWritable();
        ArrayBufferWriter<byte>[] buffers = [.. outputs.Select(_ => new ArrayBufferWriter<byte>(2 * DrainBytes))];
        RdbWriter[] writers = [.. buffers.Select(buffer => new RdbWriter(survey.Version, buffer))];
        Begin(writers, survey);
        ValueTask WriteOutAsync() => DrainAsync(buffers, outputs, DrainBytes, cancellationToken);
        var copy = new RewriteCopy(options, writers);
        for (int i = 0; i < inputs.Count; i++)
        {
            RdbSummary again = await reading.RunAsync(inputs[i], copy, WriteOutAsync, cancellationToken);
            if ((again.SizeBytes, again.Crc64) != (summaries[i].SizeBytes, summaries[i].Crc64))
            {
                throw new IOException($"{inputs[i].Name} was changed while it was read. Try again when nothing writes to it.");
            }
        }

        foreach (RdbWriter writer in writers)
        {
            writer.Complete();
        }

        await DrainAsync(buffers, outputs, 0, cancellationToken);
        return Report(inputs, survey, summaries, writers);
    }

    private static async ValueTask DrainAsync(
        ArrayBufferWriter<byte>[] buffers, IReadOnlyList<Stream> outputs, int leaveBytes, CancellationToken cancellationToken)
    {
        for (int i = 0; i < buffers.Length; i++)
        {
            if (buffers[i].WrittenCount > leaveBytes)
            {
                await outputs[i].WriteAsync(buffers[i].WrittenMemory, cancellationToken);
                buffers[i].ResetWrittenCount();
            }
        }
    }

    private static void Begin(RdbWriter[] writers, RewriteSurvey survey)
    {
        for (int i = 0; i < writers.Length; i++)
        {
            foreach (var (name, value) in survey.Fields)
            {
                writers[i].WriteAuxiliary(Encoding.ASCII.GetBytes(name), value);
            }

            foreach (byte[] library in survey.Functions.Sources)
            {
                writers[i].WriteFunction(library);
            }

            foreach (var (database, count) in survey.CountsOf(i))
            {
                writers[i].WriteResize(database, count.Keys, count.KeysWithExpiry);
            }
        }
    }

    private static RewriteReport Report(
        IReadOnlyList<RewriteInput> inputs, RewriteSurvey survey, RdbSummary[] summaries, RdbWriter[] writers) => new()
        {
            Version = survey.Version,
            Files =
            [
                .. writers.Select((writer, i) =>
                    new RewrittenFile(writer.Keys, survey.CountsOf(i).Values.Sum(count => count.KeysWithExpiry), writer.SizeBytes, writer.Crc64)),
            ],
            LeftOut = survey.LeftOut,
            Functions = survey.Functions.Sources.Count,
            FunctionsLeftOut = survey.FunctionsLeftOut,
            Unverified = [.. inputs.Where((_, i) => summaries[i].CrcState != RdbCrcState.Verified).Select(input => input.Name)],
        };

    /// <summary>Reads inputs from their beginnings to their ends, and tells how far it has come of all.</summary>
    private sealed class Reading(IReadOnlyList<RewriteInput> inputs, IProgress<TransferProgress>? progress)
    {
        private readonly long _totalBytes = 2 * inputs.Sum(input => input.Content.Length);
        private long _doneBytes;

        public async Task<RdbSummary> RunAsync(
            RewriteInput input, RdbHandler handler, Func<ValueTask>? afterChunk, CancellationToken cancellationToken)
        {
            try
            {
                return await ReadAsync(input, handler, afterChunk, cancellationToken);
            }
            catch (RdbFormatException e)
            {
                throw new RewriteRefusedException($"{input.Name} cannot be read: {e.Message}", e);
            }
        }

        private async Task<RdbSummary> ReadAsync(
            RewriteInput input, RdbHandler handler, Func<ValueTask>? afterChunk, CancellationToken cancellationToken)
        {
            input.Content.Position = 0;
            var reader = new RdbReader(handler, new RdbReaderOptions { EndOffsetBytes = input.Content.Length });
            byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
            try
            {
                while (await input.Content.ReadAsync(chunk.AsMemory(0, ChunkBytes), cancellationToken) is var read and > 0)
                {
                    reader.Read(chunk.AsSpan(0, read));
                    _doneBytes += read;
                    progress?.Report(new TransferProgress(_doneBytes, _totalBytes, reader.Keys));
                    if (afterChunk is not null)
                    {
                        await afterChunk();
                    }
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(chunk);
            }

            return reader.Complete();
        }
    }
}
