using System.Text.Json;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.Secrets;
using CacheBackup.Aws.Tests.Api;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Aws.Tests.Secrets;

public sealed class SecretsManagerCredentialsTests(MotoServer moto)
{
    private const string Prefix = "cache-backup/";
    private const string Word = "the secret word";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Password_and_user_come_from_the_secret()
    {
        using AwsApi api = await MotoApi.OpenAsync(moto, AwsService.SecretsManager);
        string name = await CreateAsync(api, """{"username":"backup","password":"the secret word","hosts":["orders.example.com"]}""");

        CacheLogin login = await Credentials(api).ResolveAsync(Address(name, "orders.example.com"), Cancellation);

        Assert.Equal(("backup", Word), (login.Username, login.Password.Reveal()));
        Assert.DoesNotContain(Word, login.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_of_the_address_goes_before_that_of_the_secret()
    {
        await using ScriptedServer server = new(Answer("""{"username":"backup","password":"p","hosts":["a"]}"""));
        using AwsApi api = Open(server);

        CacheLogin login = await Credentials(api).ResolveAsync(Address("cache-backup/x", "a") with { Username = "own" }, Cancellation);

        Assert.Equal("own", login.Username);
    }

    [Theory]
    [InlineData("orders.example.com", "orders.example.com")]
    [InlineData("orders.example.com", "ORDERS.example.com.")]
    [InlineData("*.abc.cache.amazonaws.com", "orders-0001-001.abc.cache.amazonaws.com")]
    [InlineData("*.abc.cache.amazonaws.com", "a.b.abc.cache.amazonaws.com")]
    [InlineData("10.0.0.7", "10.0.0.7")]
    public async Task Password_goes_to_a_host_that_the_secret_names(string pattern, string host)
    {
        await using ScriptedServer server = new(Answer($$"""{"password":"{{Word}}","hosts":["other","{{pattern}}"]}"""));
        using AwsApi api = Open(server);

        Assert.Equal(Word, (await Credentials(api).ResolveAsync(Address("cache-backup/x", host), Cancellation)).Password.Reveal());
    }

    [Theory]
    [InlineData("orders.example.com", "evil.example.com")]
    [InlineData("orders.example.com", "orders.example.com.evil.net")]
    [InlineData("*.example.com", "example.com")]
    [InlineData("*.example.com", "evilexample.com")]
    [InlineData("*.example.com", ".example.com.")]
    [InlineData("*", "anything")]
    [InlineData("*.", "anything.")]
    [InlineData("", "")]
    public async Task Password_goes_to_no_other_host(string pattern, string host)
    {
        await using ScriptedServer server = new(Answer($$"""{"password":"{{Word}}","hosts":["{{pattern}}"]}"""));
        using AwsApi api = Open(server);

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => Credentials(api).ResolveAsync(Address("cache-backup/x", host), Cancellation));

        Assert.Contains("\"hosts\"", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Word, refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"password":"the secret word"}""")]
    [InlineData("""{"password":"the secret word","hosts":[]}""")]
    [InlineData("""{"password":"the secret word","hosts":null}""")]
    public async Task Secret_that_names_no_host_goes_nowhere(string json)
    {
        await using ScriptedServer server = new(Answer(json));
        using AwsApi api = Open(server);

        await Assert.ThrowsAsync<InvalidRequestException>(() => Credentials(api).ResolveAsync(Address("cache-backup/x", "a"), Cancellation));
    }

    [Fact]
    public async Task Without_TLS_a_password_goes_only_where_the_secret_says_so()
    {
        await using ScriptedServer server = new(
            Answer("""{"password":"the secret word","hosts":["a"]}"""), Answer("""{"password":"the secret word","hosts":["a"],"allowPlaintext":true}"""));
        using AwsApi api = Open(server);
        CacheAddress plain = Address("cache-backup/x", "a") with { Tls = null };

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => Credentials(api).ResolveAsync(plain, Cancellation));
        CacheLogin login = await Credentials(api).ResolveAsync(plain, Cancellation);

        Assert.Contains("allowPlaintext", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Word, login.Password.Reveal());
    }

    [Fact]
    public async Task A_client_certificate_goes_where_its_secret_says_and_nowhere_else()
    {
        await using ScriptedServer server = new(Answer("""{"clientCertificatePem":"the certificate","hosts":["a"]}"""));
        using AwsApi api = Open(server);
        CredentialReference reference = CredentialReference.Parse("secret:cache-backup/x");

        Assert.Equal("the certificate", (await Credentials(api).ReadCertificateAsync(reference, Address("cache-backup/x", "a"), Cancellation)).Reveal());
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => Credentials(api).ReadCertificateAsync(reference, Address("cache-backup/x", "b"), Cancellation));
        Assert.Contains("\"hosts\"", refusal.Message, StringComparison.Ordinal);
        InvalidRequestException without = await Assert.ThrowsAsync<InvalidRequestException>(
            () => Credentials(api).ResolveAsync(Address("cache-backup/x", "a"), Cancellation));
        Assert.Contains("no \"password\"", without.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret:cache-backup/")]
    [InlineData("secret:other/x")]
    [InlineData("secret:arn:aws:secretsmanager:us-east-1:123456789012:secret:cache-backup/x")]
    [InlineData("env:cache-backup/x")]
    [InlineData("file:/cache-backup/x")]
    public async Task Reference_outside_the_prefix_is_refused_without_asking(string reference)
    {
        await using ScriptedServer server = new(Answer("""{"password":"p","hosts":["a"]}"""));
        using AwsApi api = Open(server);
        CacheAddress address = new() { Endpoint = new CacheEndpoint("a", 6379), Tls = new CacheTls(), Password = CredentialReference.Parse(reference) };

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => Credentials(api).ResolveAsync(address, Cancellation));

        Assert.Contains("secret:cache-backup/NAME", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("the secret word")]
    [InlineData("[\"the secret word\"]")]
    [InlineData("{\"password\":[\"the secret word\"],\"hosts\":[\"a\"]}")]
    [InlineData("{\"password\":\"\",\"hosts\":[\"a\"]}")]
    [InlineData("{\"hosts\":[\"a\"]}")]
    [InlineData("null")]
    public async Task Secret_of_another_form_is_refused_without_being_quoted(string text)
    {
        await using ScriptedServer server = new(Answer(text));
        using AwsApi api = Open(server);

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => Credentials(api).ResolveAsync(Address("cache-backup/x", "a"), Cancellation));

        Assert.Contains("is not of the form", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret word", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_that_is_not_there_is_named()
    {
        using AwsApi api = await MotoApi.OpenAsync(moto, AwsService.SecretsManager);

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => Credentials(api).ResolveAsync(Address("cache-backup/none", "a"), Cancellation));

        Assert.Contains("cache-backup/none", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Role_that_may_not_read_it_is_told_the_action()
    {
        await using ScriptedServer server = new(Answers.Json("""{"__type":"AccessDeniedException"}""", 400));
        using AwsApi api = Open(server);

        AwsAccessDeniedException refusal = await Assert.ThrowsAsync<AwsAccessDeniedException>(
            () => Credentials(api).ResolveAsync(Address("cache-backup/x", "a"), Cancellation));

        Assert.Contains("secretsmanager:GetSecretValue", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secret_is_kept_for_a_minute_and_no_longer()
    {
        await using ScriptedServer server = new(Answer("""{"password":"old","hosts":["a"]}"""), Answer("""{"password":"new","hosts":["a"]}"""));
        using AwsApi api = Open(server);
        FakeTimeProvider time = new();
        SecretsManagerCredentials credentials = new(api, Prefix, time);

        Assert.Equal("old", await PasswordAsync());
        time.Advance(SecretsManagerCredentials.Kept - TimeSpan.FromSeconds(1));
        Assert.Equal("old", await PasswordAsync());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("new", await PasswordAsync());

        async Task<string> PasswordAsync() => (await credentials.ResolveAsync(Address("cache-backup/x", "a"), Cancellation)).Password.Reveal();
    }

    [Fact]
    public async Task Secret_that_was_forgotten_is_read_anew()
    {
        await using ScriptedServer server = new(Answer("""{"password":"old","hosts":["a"]}"""), Answer("""{"password":"new","hosts":["a"]}"""));
        using AwsApi api = Open(server);
        SecretsManagerCredentials credentials = Credentials(api);
        CacheAddress address = Address("cache-backup/x", "a");
        await credentials.ResolveAsync(address, Cancellation);

        Assert.True(credentials.Forget(address));
        Assert.Equal("new", (await credentials.ResolveAsync(address, Cancellation)).Password.Reveal());
    }

    [Fact]
    public async Task Host_that_was_added_meanwhile_is_found_at_once()
    {
        await using ScriptedServer server = new(Answer("""{"password":"p","hosts":["a"]}"""), Answer("""{"password":"p","hosts":["a","b"]}"""));
        using AwsApi api = Open(server);
        SecretsManagerCredentials credentials = Credentials(api);
        await credentials.ResolveAsync(Address("cache-backup/x", "a"), Cancellation);

        Assert.Equal("p", (await credentials.ResolveAsync(Address("cache-backup/x", "b"), Cancellation)).Password.Reveal());
    }

    private static ScriptedAnswer Answer(string secret) => Answers.Json(
        $$"""{"ARN":"arn","Name":"n","SecretString":"{{JsonEncodedText.Encode(secret)}}","VersionStages":["AWSCURRENT"],"CreatedDate":1.5}""");

    private static SecretsManagerCredentials Credentials(AwsApi api) => new(api, Prefix, TimeProvider.System);

    private static CacheAddress Address(string secret, string host) =>
        new() { Endpoint = new CacheEndpoint(host, 6379), Tls = new CacheTls(), Password = CredentialReference.Parse($"secret:{secret}") };

    private static AwsApi Open(ScriptedServer server) =>
        AwsApi.Open(AwsService.SecretsManager, Answers.Impatient(server.Endpoint), TimeProvider.System, MotoApi.Credentials);

    private static async Task<string> CreateAsync(AwsApi api, string secret)
    {
        string name = MotoApi.NewName(Prefix + "test");
        await MotoApi.ArrangeAsync(
            api,
            "secretsmanager.CreateSecret",
            "1.1",
            $$"""{"Name":"{{name}}","SecretString":"{{JsonEncodedText.Encode(secret)}}","ClientRequestToken":"00000000-0000-0000-0000-000000000000"}""");
        return name;
    }
}
