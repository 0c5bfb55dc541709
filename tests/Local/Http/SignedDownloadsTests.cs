using System.Net;
using System.Net.Http.Headers;
using Amazon.Lambda.APIGatewayEvents;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures.Operations;
using CacheBackup.Local.Http;

namespace CacheBackup.Local.Tests.Http;

public sealed class SignedDownloadsTests : IAsyncLifetime
{
    private readonly SetClock _clock = new();
    private readonly MemoryService _service = new(TimeProvider.System);
    private readonly HttpClient _client = new();
    private Backup _backup = null!;
    private SignedDownloads _downloads = null!;
    private ApiServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _backup = await _service.TakeBackupAsync("nightly");
        _downloads = new SignedDownloads(() => _service.Parts, _clock);
        _server = await ApiServer.StartAsync(
            new ApiServerOptions(new Uri("http://127.0.0.1:0"), "token") { Downloads = _downloads },
            (_, _) => Task.FromResult(new APIGatewayHttpApiV2ProxyResponse { StatusCode = 200 }),
            () => null!,
            CancellationToken.None);
        _downloads.ServeAt(_server.Url);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Link_gives_the_file_without_a_token()
    {
        using HttpResponseMessage answer = await _client.GetAsync(await LinkAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(_service.Caches.Data, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal("nightly-0001.rdb", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        Assert.Equal($"\"{_backup.Shards[0].Sha256}\"", answer.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task Ranges_are_served_and_a_changed_file_is_sent_whole()
    {
        Uri link = await LinkAsync();
        using HttpResponseMessage part = await SendAsync(link, request => request.Headers.Range = new RangeHeaderValue(10, 19));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(_service.Caches.Data[10..20], await part.Content.ReadAsByteArrayAsync());
        Assert.Equal(_service.Caches.Data.Length, part.Content.Headers.ContentRange!.Length);

        using HttpResponseMessage other = await SendAsync(link, request =>
        {
            request.Headers.Range = new RangeHeaderValue(10, 19);
            request.Headers.IfRange = new RangeConditionHeaderValue("\"another\"");
        });
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using HttpResponseMessage beyond = await SendAsync(link, request => request.Headers.Range = new RangeHeaderValue(1_000_000, null));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        using HttpResponseMessage head = await SendAsync(link, request => request.Method = HttpMethod.Head);
        Assert.Equal(_service.Caches.Data.Length, head.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Link_expires()
    {
        Uri link = await LinkAsync();
        _clock.Now += TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(link));
        _clock.Now += TimeSpan.FromSeconds(1);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(link));
    }

    [Fact]
    public async Task No_changed_link_is_taken()
    {
        string[] segments = (await LinkAsync()).AbsolutePath.Split('/');
        // downloads, backup, id, shard, expiry, part, signature.
        for (int i = 2; i <= 7; i++)
        {
            string[] changed = [.. segments];
            changed[i] = changed[i][..^1] + (changed[i][^1] == '1' ? '2' : '1');
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new Uri(_server.Url, string.Join('/', changed))));
        }

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new Uri(_server.Url, "/downloads/")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new Uri(_server.Url, "/downloads/x")));
        using HttpResponseMessage post = await SendAsync(await LinkAsync(), request => request.Method = HttpMethod.Post);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        using HttpResponseMessage foreign = await SendAsync(await LinkAsync(), request => request.Headers.Host = "evil.test");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, foreign.StatusCode);
    }

    [Fact]
    public async Task Link_to_a_backup_that_is_gone_or_was_replaced_leads_nowhere()
    {
        Uri link = await LinkAsync();
        await _service.Parts.Catalog.Backups.ChangeAsync(_backup.Name, current => current with { Id = new BackupId("another") }, default);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(link));
    }

    [Fact]
    public async Task Everything_else_still_wants_the_token() =>
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(new Uri(_server.Url, "/downloadsomething")));

    private Task<Uri> LinkAsync() => _downloads.LinkAsync(
        new DownloadSubject(_backup, _backup.Shards[0], "nightly-0001.rdb"), _clock.Now + DownloadBackup.Validity, default);

    private async Task<HttpStatusCode> StatusAsync(Uri link)
    {
        using HttpResponseMessage answer = await _client.GetAsync(link);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(Uri link, Action<HttpRequestMessage> change)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, link);
        change(request);
        return await _client.SendAsync(request);
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
