using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Storage;
using CacheBackup.Functions.Api;

namespace CacheBackup.Functions.Tests.Api;

public sealed class RouterTests
{
    private readonly List<Exception> _told = [];

    public static TheoryData<Exception, int, string> Problems => new()
    {
        { new InvalidRequestException("why"), 400, "invalid-request" },
        { new NotFoundException("why"), 404, "not-found" },
        { new CatalogConflictException("why"), 409, "conflict" },
        { new BackupNotRestorableException("why"), 409, "backup-not-restorable" },
        { new ProvisioningException("why"), 409, "provisioning" },
        { new CatalogUnreadableException("why"), 500, "catalog-unreadable" },
        { new StoreAccessDeniedException("why"), 500, "store-access-denied" },
        { new StoreUnavailableException("why"), 503, "unavailable" },
        { new StoreFullException("why"), 507, "store-full" },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public async Task An_error_of_ours_becomes_its_problem_with_its_message(Exception failure, int status, string code)
    {
        JsonElement problem = Problem(await HandleAsync(Throwing(failure), "GET", "/it"), status, code);
        Assert.Equal("why", problem.GetProperty("detail").GetString());
        Assert.Equal(status >= 500 ? [failure] : [], _told);
    }

    [Fact]
    public async Task An_unexpected_error_is_told_to_the_log_and_its_message_to_nobody()
    {
        Exception failure = new InvalidOperationException("a secret");
        JsonElement problem = Problem(await HandleAsync(Throwing(failure), "GET", "/it"), 500, "internal");
        Assert.DoesNotContain("secret", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(nameof(InvalidOperationException), problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal([failure], _told);
    }

    [Fact]
    public async Task A_request_that_took_too_long_is_to_be_tried_again() =>
        Problem(await HandleAsync(Throwing(new OperationCanceledException()), "GET", "/it"), 503, "timed-out");

    [Theory]
    [InlineData("/other")]
    [InlineData("/it/below")]
    [InlineData("/")]
    public async Task An_unknown_path_is_not_found(string path) =>
        Problem(await HandleAsync(Answering(), "GET", path), 404, "no-such-route");

    [Theory]
    [InlineData("POST")]
    [InlineData("get")]
    public async Task A_known_path_with_another_method_is_not_allowed(string method) =>
        Problem(await HandleAsync(Answering(), method, "/it"), 405, "method-not-allowed");

    [Fact]
    public async Task A_body_may_have_64_KiB_and_no_byte_more()
    {
        ApiResponse most = await HandleAsync(Answering(), "GET", "/it", new byte[Router.MaxBodyBytes]);
        Assert.Equal(200, most.Status);
        Problem(await HandleAsync(Answering(), "GET", "/it", new byte[Router.MaxBodyBytes + 1]), 413, "body-too-large");
    }

    [Theory]
    [InlineData("/things/a%20b/parts/2", "a b", "2")]
    [InlineData("/things/x%2Fy/parts/z", "x/y", "z")]
    public async Task Placeholders_are_one_segment_each_and_decoded(string path, string thing, string part)
    {
        IReadOnlyDictionary<string, string>? seen = null;
        Route route = new("GET", "things/{thing}/parts/{part}", (request, _) =>
        {
            seen = request.Path;
            return Task.FromResult(Health());
        });
        Assert.Equal(200, (await HandleAsync(route, "GET", path)).Status);
        Assert.Equal((thing, part), (seen!["thing"], seen["part"]));
    }

    private static ApiResponse Health() => ApiResponse.Of(200, new HealthView("ok", "1"), ApiJson.Default.HealthView);

    private static Route Answering() => new("GET", "it", (_, _) => Task.FromResult(Health()));

    private static Route Throwing(Exception failure) => new("GET", "it", (_, _) => Task.FromException<ApiResponse>(failure));

    private static JsonElement Problem(ApiResponse response, int status, string code)
    {
        JsonElement problem = JsonDocument.Parse(response.Body).RootElement.Clone();
        Assert.Equal(status, response.Status);
        Assert.Equal(ApiResponse.Problem, response.ContentType);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return problem;
    }

    private Task<ApiResponse> HandleAsync(Route route, string method, string path, byte[]? body = null) =>
        new Router([route]).HandleAsync(new ApiCall(method, path, string.Empty, body ?? []), _told.Add, default);
}
