using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using CacheBackup.Aws;
using CacheBackup.Core.Buckets;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

[Trait("Category", "Server")]
public sealed class ExportTests(MotoServer moto) : IClassFixture<MotoServer>
{
    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task Exported_file_is_loaded_by_the_engines_own_server(CacheEngine engine)
    {
        Requires.Program(ServerProcess.ProgramOf(engine));
        using TemporaryDirectory exports = new();
        await using ServerProcess source = await ServerProcess.StartAsync(engine);
        await LoadedServer.FillAsync(source);
        await using ServiceUnderTest service = await StartAsync(exports.Path);
        await service.RegisterAsync("source", source.Port);
        await service.BackUpAsync("first", "source");
        JsonElement ended = await ExportAsync(service, exports.Path, "monthly");
        Assert.True(ended.GetProperty("status").GetString() == "succeeded", ended.ToString());

        Assert.Equal(["monthly-0001.rdb"], Directory.EnumerateFileSystemEntries(exports.Path).Select(Path.GetFileName));
        string file = Path.Combine(exports.Path, "monthly-0001.rdb");
        Assert.Equal(await LoadedServer.ContentAsync(source), await LoadedServer.LoadAsync(engine, file));
        (_, JsonElement backup) = await service.GetAsync("/backups/first");
        Assert.Equal("available", backup.GetProperty("status").GetString());

        JsonElement again = await ExportAsync(service, exports.Path, "monthly");
        Assert.Equal(("failed", "BucketFileExistsException"), (again.GetProperty("status").GetString(), again.GetProperty("error").GetString()));
        Assert.Equal(["monthly-0001.rdb"], Directory.EnumerateFileSystemEntries(exports.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Export_goes_to_a_bucket_and_its_check_says_what_is_wrong_with_another()
    {
        Requires.Program(ServerProcess.ProgramOf(CacheEngine.Redis));
        Uri endpoint = await moto.EndpointAsync();
        BasicAWSCredentials credentials = new("test", "test");
        using AmazonS3Client client = new(
            credentials, new AmazonS3Config { ServiceURL = endpoint.AbsoluteUri, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        await client.PutBucketAsync("exports-of-mine");
        using S3Buckets buckets = new(new S3StoreOptions { Endpoint = endpoint }, TimeProvider.System, credentials);
        await using ServerProcess source = await ServerProcess.StartAsync(CacheEngine.Redis);
        await LoadedServer.FillAsync(source);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync(
            decorate: parts => parts with { Buckets = buckets },
            configured: new ConfiguredBuckets { ExportBuckets = [BucketAddress.Parse("s3://exports-of-mine"), BucketAddress.Parse("s3://no-such-bucket")] });
        await service.RegisterAsync("source", source.Port);
        await service.BackUpAsync("first", "source");

        JsonElement good = await ExportAsync(service, "exports-of-mine/caches", "täglich");
        Assert.True(good.GetProperty("status").GetString() == "succeeded", good.ToString());
        using TemporaryDirectory directory = new();
        string file = Path.Combine(directory.Path, "downloaded.rdb");
        using (GetObjectResponse got = await client.GetObjectAsync("exports-of-mine", "caches/täglich-0001.rdb"))
        {
            await got.WriteResponseStreamToFileAsync(file, append: false, CancellationToken.None);
        }

        Assert.Equal(await LoadedServer.ContentAsync(source), await LoadedServer.LoadAsync(CacheEngine.Redis, file));
        JsonElement bad = await ExportAsync(service, "s3://no-such-bucket", "monthly");
        Assert.Equal("BucketNotFoundException", bad.GetProperty("error").GetString());
        Assert.Contains("aws s3 mb s3://no-such-bucket", bad.GetProperty("cause").GetString(), StringComparison.Ordinal);
        JsonElement closed = await ExportAsync(service, "s3://exports-of-mine", "monthly", forElastiCache: true);
        Assert.Contains("Exception", closed.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("us-east-1.elasticache-snapshot.amazonaws.com", closed.GetProperty("cause").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_names_and_places_are_refused_at_once()
    {
        using TemporaryDirectory exports = new();
        Requires.Program(ServerProcess.ProgramOf(CacheEngine.Redis));
        await using ServerProcess source = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServiceUnderTest service = await StartAsync(exports.Path);
        await service.RegisterAsync("source", source.Port);
        await service.BackUpAsync("first", "source");
        (HttpStatusCode status, JsonElement problem) = await service.SendAsync(
            HttpMethod.Post, "/backups/first/export", new { location = exports.Path, name = new string('ä', 501) });
        Assert.Equal((HttpStatusCode.BadRequest, "invalid-request"), (status, problem.GetProperty("code").GetString()));
        (status, problem) = await service.SendAsync(HttpMethod.Post, "/backups/first/export", new { location = "/etc", name = "monthly" });
        Assert.Equal((HttpStatusCode.Forbidden, "target-not-configured"), (status, problem.GetProperty("code").GetString()));
        Assert.Contains("--export-to /etc", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static Task<ServiceUnderTest> StartAsync(string exports) =>
        ServiceUnderTest.StartAsync(configured: new ConfiguredBuckets { ExportBuckets = [BucketAddress.Parse(exports)] });

    private static async Task<JsonElement> ExportAsync(ServiceUnderTest service, string location, string name, bool forElastiCache = false)
    {
        JsonElement export = await service.PostAsync("/backups/first/export", new { location, name, forElastiCache });
        return await service.EndOfAsync(export.GetProperty("execution").GetString()!);
    }
}
