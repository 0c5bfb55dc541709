using CacheBackup.Core.Model;
using CacheBackup.Fixtures;

namespace CacheBackup.Local.Client;

public sealed class ServiceApiTests : IDisposable
{
    private readonly List<string> _told = [];
    private readonly ScriptedService _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task A_call_that_was_not_answered_is_repeated_under_the_same_key()
    {
        _service.IsNotThere().HangsUp().AnswersProblem(503, "unavailable", "Busy.").AnswersProblem(409, "request-in-progress", "Wait.").Answers(202, """{"name":"a"}""");
        await SendAsync(new ServiceCall("POST", "backups"));
        Assert.Equal(5, _service.Calls.Count);
        Assert.Single(_service.Keys.Distinct());
        Assert.Matches("^[!-~]{1,64}$", _service.Keys[0]);
        Assert.Equal(4, _told.Count);
        Assert.Contains("Connection refused", _told[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_call_has_another_key_and_a_question_has_none()
    {
        _service.Answers(202, "{}").Answers(202, "{}").Answers(200, "{}");
        await SendAsync(new ServiceCall("POST", "backups"));
        await SendAsync(new ServiceCall("DELETE", "backups", "a"));
        await SendAsync(new ServiceCall("GET", "backups"));
        Assert.NotEqual(_service.Keys[0], _service.Keys[1]);
        Assert.Null(_service.Keys[2]);
        Assert.All(_service.Authorizations, a => Assert.Equal("Bearer secret", a));
    }

    [Theory]
    [InlineData(400, "invalid-request")]
    [InlineData(409, "conflict")]
    [InlineData(422, "idempotency-mismatch")]
    [InlineData(500, "internal")]
    public async Task A_refusal_is_told_as_the_service_says_it_and_not_repeated(int status, string code)
    {
        _service.AnswersProblem(status, code, "The cache is busy.");
        ServiceProblemException problem = await Assert.ThrowsAsync<ServiceProblemException>(() => SendAsync(new ServiceCall("POST", "backups")));
        Assert.Equal(("The cache is busy.", status, code), (problem.Message, problem.Status, problem.Code));
        Assert.Single(_service.Calls);
    }

    [Fact]
    public async Task After_seven_attempts_the_last_failure_is_told()
    {
        foreach (int attempt in Enumerable.Range(1, 7))
        {
            _service.AnswersProblem(503, "unavailable", $"Failure {attempt}.");
        }

        ServiceProblemException problem = await Assert.ThrowsAsync<ServiceProblemException>(() => SendAsync(new ServiceCall("POST", "backups")));
        Assert.Equal("Failure 7.", problem.Message);
        Assert.Equal(7, _service.Calls.Count);
        Assert.Contains("Trying again in 0.5 s", _told[0], StringComparison.Ordinal);
        Assert.Contains("Trying again in 16 s", _told[5], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_not_the_services_is_said_to_be_none()
    {
        _service.Answers(404, "<html>nothing here</html>");
        ServiceProblemException problem = await Assert.ThrowsAsync<ServiceProblemException>(() => SendAsync(new ServiceCall("GET", "backups")));
        Assert.Contains("Is it the right address?", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_and_values_are_encoded() => Assert.Equal(
        "/executions/local%3A1%3Abackup%3Aa%2Fb/cancel?tag=a%26b%20c",
        new ServiceCall("GET", "executions", "local:1:backup:a/b", "cancel") { Query = [("none", null), ("tag", "a&b c")] }.Target);

    private async Task SendAsync(ServiceCall call)
    {
        using ServiceApi api = new(new ServiceApiOptions
        {
            Url = new Uri("http://127.0.0.1:7070/"),
            Authorization = new BearerToken(new Secret<string>("secret")),
            Time = HurriedTime.Instance,
            Tell = _told.Add,
            NewHandler = () => new Borrowed(_service),
        });
        await api.SendAsync(call, CancellationToken.None);
    }

    /// <summary>Several clients, one script.</summary>
    private sealed class Borrowed(HttpMessageHandler inner) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _invoker = new(inner, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _invoker.SendAsync(request, cancellationToken);
    }
}
