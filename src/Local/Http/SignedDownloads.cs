using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CacheBackup.Core;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;
using CacheBackup.Functions.Api;
using Microsoft.AspNetCore.Http;

namespace CacheBackup.Local.Http;

/// <summary>
/// Links to data files: S3's own where the store is S3, else paths of this server, signed with a key that lives as long as the process.
/// Whoever has such a link needs no token, and can fetch that one file until it expires; not another one, and not after the backup is gone.
/// </summary>
internal sealed class SignedDownloads(Func<ServiceParts> parts, TimeProvider time) : IDownloads
{
    private const string Root = "/downloads/";
    private const string Whole = "all";
    private const int BufferBytes = 256 * 1024;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private Uri? _server;

    /// <summary>To be called once the server listens.</summary>
    public void ServeAt(Uri server) => _server = server;

    public Task<Uri> LinkAsync(DownloadSubject subject, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        if (subject.Selection is null
            && RoutedObjectStore.Holding(parts().StoreOf(subject.Backup), subject.Shard.DataKey) is IPresigningStore store)
        {
            return store.PresignAsync(subject.Shard.DataKey, subject.FileName, expiresAt, cancellationToken);
        }

        string part = subject.Selection is { } selection
            ? Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(selection, CatalogJson.Default.EntrySelection))
            : Whole;
        string path = string.Create(
            CultureInfo.InvariantCulture, $"{Root}{subject.Backup.Name}/{subject.Backup.Id}/{subject.Shard.Number}/{expiresAt.ToUnixTimeSeconds()}/{part}");
        Uri server = _server ?? throw new InvalidOperationException("The server does not listen yet.");
        return Task.FromResult(new Uri(server, $"{path}/{SignatureOf(path)}/{subject.FileName}"));
    }

    public static bool IsFor(HttpRequest request) => request.Path.Value?.StartsWith(Root, StringComparison.Ordinal) == true;

    /// <summary>Answers a request for a file: all of it, or one range.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            await RefuseAsync(http, ProblemDetails.Of(ProblemKinds.MethodNotAllowed, "A file is fetched by GET."));
            return;
        }

        string[] segments = (http.Request.Path.Value ?? string.Empty)[Root.Length..].Split('/');
        if (Refusal(segments) is { } problem)
        {
            await RefuseAsync(http, problem);
            return;
        }

        (Backup Backup, ShardManifest Shard)? found = await FindAsync(segments, http.RequestAborted);
        if (found is not { } file)
        {
            await RefuseAsync(http, ProblemDetails.Of(ProblemKinds.NotFound, "The backup that the link led to is gone."));
            return;
        }

        await (segments[4] == Whole
            ? SendAsync(http, file.Backup, file.Shard, segments[6])
            : SendPartAsync(http, file.Backup, file.Shard, segments));
    }

    /// <summary>Null: the link is one of ours and still good.</summary>
    private ProblemDetails? Refusal(string[] segments)
    {
        bool isSigned = segments.Length == 7
            && CryptographicOperations.FixedTimeEquals(
                Encoding.UTF8.GetBytes(segments[5]), Encoding.UTF8.GetBytes(SignatureOf(Root + string.Join('/', segments[..5]))));
        if (!isSigned)
        {
            return ProblemDetails.Of(ProblemKinds.BadLink, "Ask GET /backups/{name}/download for one.");
        }

        return time.GetUtcNow().ToUnixTimeSeconds() < long.Parse(segments[3], CultureInfo.InvariantCulture)
            ? null
            : ProblemDetails.Of(ProblemKinds.LinkExpired, "Ask GET /backups/{name}/download for another one.");
    }

    private async Task<(Backup Backup, ShardManifest Shard)?> FindAsync(string[] segments, CancellationToken cancellationToken)
    {
        Backup? backup = (await parts().Catalog.Backups.FindAsync(BackupName.FromCatalog(segments[0]), cancellationToken))?.Document;
        ShardManifest? shard = backup?.Shards.FirstOrDefault(s => s.Number == int.Parse(segments[2], CultureInfo.InvariantCulture));
        return backup is { Status: BackupStatus.Available } && backup.Id.Value == segments[1] && shard is not null ? (backup, shard) : null;
    }

    private async Task SendAsync(HttpContext http, Backup backup, ShardManifest shard, string fileName)
    {
        HttpResponse response = http.Response;
        string tag = $"\"{shard.Sha256 ?? shard.ContentDigest}\"";
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        // A part of another file's bytes is of no use: without the same tag the whole file is sent.
        bool takesRange = http.Request.Headers.IfRange is not [{ } known, ..] || known == tag;
        RequestedRange range = takesRange ? RequestedRange.Parse(http.Request.Headers.Range, shard.SizeBytes) : RequestedRange.Whole(shard.SizeBytes);
        if (range.Bytes is not { } bytes)
        {
            response.Headers.ContentRange = $"bytes */{shard.SizeBytes}";
            await RefuseAsync(http, ProblemDetails.Of(ProblemKinds.BadRange, $"The file has {shard.SizeBytes} bytes."));
            return;
        }

        response.StatusCode = range.IsWhole ? 200 : 206;
        if (!range.IsWhole)
        {
            response.Headers.ContentRange = $"bytes {bytes.OffsetBytes}-{bytes.OffsetBytes + bytes.LengthBytes - 1}/{shard.SizeBytes}";
        }

        response.ContentType = "application/octet-stream";
        response.ContentLength = bytes.LengthBytes;
        response.Headers.ContentDisposition = Attachment(fileName);
        if (HttpMethods.IsGet(http.Request.Method))
        {
            await using ObjectContent content = await parts().StoreOf(backup).GetAsync(shard.DataKey, bytes, http.RequestAborted);
            await content.Stream.CopyToAsync(response.Body, BufferBytes, http.RequestAborted);
        }
    }

    /// <summary>A part is made as it is fetched: its length is not known before, and it has no ranges.</summary>
    private async Task SendPartAsync(HttpContext http, Backup backup, ShardManifest shard, string[] segments)
    {
        EntrySelection selection = JsonSerializer.Deserialize(Base64Url.DecodeFromChars(segments[4]), CatalogJson.Default.EntrySelection)!;
        HttpResponse response = http.Response;
        response.Headers.AcceptRanges = "none";
        response.Headers.CacheControl = "private, no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentType = "application/octet-stream";
        response.Headers.ContentDisposition = Attachment(segments[6]);
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            return;
        }

        try
        {
            await new DownloadPart(parts()).RunAsync(backup, shard, selection, response.Body, http.RequestAborted);
        }
        catch (Exception e) when (e is TransientException or PermanentException)
        {
            // Too late for a status: a body that is cut off is told from a whole one by its end.
            http.Abort();
        }
    }

    private static string Attachment(string fileName) =>
        $"attachment; filename=\"{new string([.. fileName.Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')])}\"";

    private string SignatureOf(string path) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(path)));

    private static async Task RefuseAsync(HttpContext http, ProblemDetails problem)
    {
        ApiResponse answer = ApiResponse.Of(problem);
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        await http.Response.Body.WriteAsync(answer.Body, http.RequestAborted);
    }
}
