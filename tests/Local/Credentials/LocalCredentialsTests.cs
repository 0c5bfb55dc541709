using CacheBackup.Core.Model;
using CacheBackup.Fixtures;

namespace CacheBackup.Local.Credentials;

public sealed class LocalCredentialsTests
{
    private static readonly CacheEndpoint Endpoint = new("127.0.0.1", 6379);

    [Fact]
    public async Task Password_comes_from_the_named_variable()
    {
        LocalCredentials credentials = new(name => name == "CACHE_PASSWORD" ? "from outside" : null);

        Assert.Equal("from outside", await ResolveAsync(credentials, "env:CACHE_PASSWORD"));
    }

    [Fact]
    public async Task A_client_certificate_is_the_whole_of_its_variable_or_file()
    {
        const string Pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        using TemporaryDirectory directory = new();
        string path = Write(directory, Pem);
        LocalCredentials credentials = new(name => name == "CLIENT" ? Pem : null);
        CacheAddress address = new() { Endpoint = Endpoint };
        foreach (string reference in new[] { "env:CLIENT", $"file:{path}" })
        {
            Assert.Equal(Pem, (await credentials.ReadCertificateAsync(CredentialReference.Parse(reference), address, default)).Reveal());
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => credentials.ReadCertificateAsync(CredentialReference.Parse($"file:{path}"), address, default));
        Assert.Contains($"chmod 600 {path}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Variable_that_is_not_set_is_named(string? value)
    {
        LocalCredentials credentials = new(_ => value);

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(() => ResolveAsync(credentials, "env:CACHE_PASSWORD"));

        Assert.Contains("CACHE_PASSWORD", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret word", "secret word")]
    [InlineData("secret word\n", "secret word")]
    [InlineData("secret word\r\nand a remark\n", "secret word")]
    [InlineData(" leading and trailing blanks belong to it \n", " leading and trailing blanks belong to it ")]
    [InlineData("pässwörd\n", "pässwörd")]
    public async Task Password_is_the_first_line_of_the_file(string content, string password)
    {
        using TemporaryDirectory directory = new();
        string path = Write(directory, content);

        Assert.Equal(password, await ResolveAsync(new LocalCredentials(), $"file:{path}"));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task File_that_others_may_open_is_refused_with_the_command_that_helps(UnixFileMode others)
    {
        using TemporaryDirectory directory = new();
        string path = Write(directory, "secret word");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => ResolveAsync(new LocalCredentials(), $"file:{path}"));

        Assert.Contains($"chmod 600 {path}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret word", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_that_hold_no_password_are_refused()
    {
        using TemporaryDirectory directory = new();
        string empty = Write(directory, "\nsecond line");
        await Assert.ThrowsAsync<InvalidRequestException>(() => ResolveAsync(new LocalCredentials(), $"file:{empty}"));
        string huge = Write(directory, new string('x', 65_537));
        await Assert.ThrowsAsync<InvalidRequestException>(() => ResolveAsync(new LocalCredentials(), $"file:{huge}"));
        await Assert.ThrowsAsync<InvalidRequestException>(() => ResolveAsync(new LocalCredentials(), $"file:{directory.Path}/missing"));
        await Assert.ThrowsAsync<InvalidRequestException>(() => ResolveAsync(new LocalCredentials(), "file:relative/path"));
    }

    [Fact]
    public async Task Secret_of_aws_is_refused_with_what_to_write_instead()
    {
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => ResolveAsync(new LocalCredentials(), "secret:cache/password"));

        Assert.Contains("env:NAME or file:/path", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ResolveAsync(LocalCredentials credentials, string reference) =>
        (await credentials.ResolveAsync(new CacheAddress { Endpoint = Endpoint, Password = CredentialReference.Parse(reference) }, CancellationToken.None))
        .Password.Reveal();

    private static string Write(TemporaryDirectory directory, string content)
    {
        string path = Path.Combine(directory.Path, "password");
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }
}
