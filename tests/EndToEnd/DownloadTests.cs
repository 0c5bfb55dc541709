using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.EndToEnd;

[Trait("Category", "Server")]
public sealed class DownloadTests
{
    [Theory]
    [InlineData(CacheEngine.Redis)]
    [InlineData(CacheEngine.Valkey)]
    public async Task File_that_curl_fetches_by_the_link_starts_a_server_of_ones_own(CacheEngine engine)
    {
        Requires.Program("curl");
        Requires.Program(ServerProcess.ProgramOf(engine));
        using TemporaryDirectory directory = new();
        await using ServerProcess source = await ServerProcess.StartAsync(engine);
        await LoadedServer.FillAsync(source);
        await using ServiceUnderTest service = await ServiceUnderTest.StartAsync();
        await service.RegisterAsync("source", source.Port);
        JsonElement backup = await service.BackUpAsync("first", "source");
        (_, JsonElement download) = await service.GetAsync("/backups/first/download?shard=1");

        // Without the token, in two pieces: what broke off is taken up again.
        string file = Path.Combine(directory.Path, download.GetProperty("fileName").GetString()!);
        string url = download.GetProperty("url").GetString()!;
        await CurlAsync("--range", "0-999", "--output", file, url);
        Assert.Equal(1000, new FileInfo(file).Length);
        await CurlAsync("--continue-at", "-", "--output", file, url);
        Assert.Equal(download.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(file))));
        Assert.Equal(backup.GetProperty("sizeBytes").GetInt64(), download.GetProperty("sizeBytes").GetInt64());

        Assert.Equal(await LoadedServer.ContentAsync(source), await LoadedServer.LoadAsync(engine, file));
        string own = engine == CacheEngine.Valkey ? "minimumValkey" : "minimumRedis";
        JsonElement selfManaged = backup.GetProperty("selfManaged");
        Assert.True(CacheVersion.TryParse(selfManaged.GetProperty(own).GetString(), out CacheVersion least));
        Assert.True(CacheVersion.TryParse(backup.GetProperty("engineVersion").GetString(), out CacheVersion taken));
        Assert.True(least.CompareTo(taken) <= 0);
        Assert.Equal(selfManaged.ToString(), download.GetProperty("selfManaged").ToString());
    }

    private static async Task CurlAsync(params string[] arguments)
    {
        using Process curl = Process.Start("curl", ["--silent", "--show-error", "--fail", .. arguments]);
        await curl.WaitForExitAsync();
        Assert.Equal(0, curl.ExitCode);
    }
}
