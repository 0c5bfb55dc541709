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
    [InlineData("/it/")]
    [InlineData("//it")]
    [InlineData("/IT")]
    [InlineData("/%69t")]
    [InlineData("it")]
    [InlineData("")]
    [InlineData("/other")]
    [InlineData("/it/below")]
    [InlineData("/")]
    public async Task An_unknown_path_is_not_found(string path) =>
        Problem(await HandleAsync(Answering(), "GET", path), 404, "no-such-route");

    [Theory]
    [InlineData("POST")]
    [InlineData("get")]
    [InlineData("head")]
    public async Task A_known_path_with_another_method_is_not_allowed_and_told_which_are(string method)
    {
        Router router = new([Answering(), Answering() with { Method = "DELETE" }, new Route("PUT", "{other}", (_, _) => Task.FromResult(Health()))]);
        ApiResponse response = await router.HandleAsync(new ApiCall(method, "/it", string.Empty, default), _told.Add, default);
        Problem(response, 405, "method-not-allowed");
        Assert.Equal("GET, HEAD, DELETE, PUT", response.Headers["allow"]);
    }

    [Fact]
    public async Task Head_is_answered_like_get_without_its_body()
    {
        ApiResponse got = await HandleAsync(Answering(), "GET", "/it");
        ApiResponse head = await HandleAsync(Answering(), "HEAD", "/it");
        Assert.NotEqual(0, got.Body.Length);
        Assert.Equal((got.Status, got.ContentType, 0), (head.Status, head.ContentType, head.Body.Length));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("size=1", "size=1")]
    [InlineData("size=10&word=left", "size=10;word=left")]
    [InlineData("text=a+b%20c%2Bd&", "text=a b c+d")]
    [InlineData("text=a%3Db=c", "text=a=b=c")]
    [InlineData("text", "text=")]
    [InlineData("t%65xt=%C3%A9", "text=é")]
    public async Task A_query_is_decoded_and_handed_on(string query, string expected)
    {
        IReadOnlyDictionary<string, string>? seen = null;
        Assert.Equal(200, (await AskAsync(query, request => seen = request.Query)).Status);
        Assert.Equal(expected, string.Join(';', seen!.Select(p => $"{p.Key}={p.Value}")));
    }

    [Theory]
    [InlineData("colour=red", "does not take the query parameter colour")]
    [InlineData("Size=1", "does not take the query parameter Size")]
    [InlineData("%3Cscript%3E=1", "with that name")]
    [InlineData("size=1&size=1", "size is given twice")]
    [InlineData("size=1&s%69ze=2", "size is given twice")]
    [InlineData("size=0", "whole number from 1 to 10")]
    [InlineData("size=11", "whole number from 1 to 10")]
    [InlineData("size=+1", "whole number from 1 to 10")]
    [InlineData("size=%201", "whole number from 1 to 10")]
    [InlineData("size=", "whole number from 1 to 10")]
    [InlineData("word=Left", "one of: left, right")]
    [InlineData("text=%", "two hexadecimal digits")]
    [InlineData("text=%4", "two hexadecimal digits")]
    [InlineData("text=%zz", "two hexadecimal digits")]
    [InlineData("text=%ff", "not UTF-8")]
    public async Task A_query_that_the_route_does_not_take_is_refused(string query, string reason)
    {
        JsonElement problem = Problem(await AskAsync(query, _ => Assert.Fail("The route ran.")), 400, "invalid-request");
        Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_without_a_parameter_that_is_needed_is_refused_with_what_it_is()
    {
        Route route = Answering() with { Query = [new("key", "The key of the tag.") { IsRequired = true }] };
        JsonElement problem = Problem(await HandleAsync(route, "GET", "/it"), 400, "invalid-request");
        Assert.Contains("needs the query parameter key. The key of the tag.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/things/%zz/parts/1", "two hexadecimal digits")]
    [InlineData("/things/%/parts/1", "two hexadecimal digits")]
    [InlineData("/things/%C3/parts/1", "not UTF-8")]
    public async Task A_name_that_is_not_well_encoded_is_refused(string path, string reason)
    {
        JsonElement problem = Problem(await HandleAsync(Answering() with { Template = "things/{thing}/parts/{part}" }, "GET", path), 400, "invalid-request");
        Assert.Contains(reason, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_paths_and_queries_are_bounded()
    {
        Route route = new("GET", "{name}", (_, _) => Task.FromResult(Health())) { Query = [new("text", "Any text.")] };
        Router router = new([route]);
        Assert.Equal(200, (await CallAsync("/" + new string('a', Route.MaxNameLength), "text=" + new string('a', QueryText.MaxValueLength))).Status);
        Problem(await CallAsync("/" + new string('a', Route.MaxNameLength + 1), string.Empty), 400, "invalid-request");
        Problem(await CallAsync("/" + new string('a', Router.MaxPathLength), string.Empty), 400, "invalid-request");
        Problem(await CallAsync("/a", "text=" + new string('a', QueryText.MaxValueLength + 1)), 400, "invalid-request");
        Problem(await CallAsync("/a", "text=" + new string('a', QueryText.MaxLength)), 400, "invalid-request");

        Task<ApiResponse> CallAsync(string path, string query) => router.HandleAsync(new ApiCall("GET", path, query, default), _told.Add, default);
    }

    [Theory]
    [InlineData("//parts/1")]
    [InlineData("/things//parts/1")]
    public async Task An_empty_segment_is_no_name(string path) =>
        Problem(await HandleAsync(Answering() with { Template = "things/{thing}/parts/{part}" }, "GET", path), 404, "no-such-route");

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

    private Task<ApiResponse> AskAsync(string query, Action<ApiRequest> seen)
    {
        Route route = new("GET", "it", (request, _) =>
        {
            seen(request);
            return Task.FromResult(Health());
        })
        {
            Query = [new("size", "A number.") { Range = (1, 10) }, QueryParameter.OneOf("word", "A word.", ["left", "right"]), new("text", "Any text.")],
        };
        return new Router([route]).HandleAsync(new ApiCall("GET", "/it", query, default), _told.Add, default);
    }

    private static ApiResponse Health() => ApiResponse.Of(200, new HealthView("ok", "1"), ApiJson.Default.HealthView);

    private static Route Answering() => new Route("GET", "it", (_, _) => Task.FromResult(Health()));

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
