using System.CommandLine;
using CacheBackup.Core.Model;
using CacheBackup.Local.Client;
using CacheBackup.Local.Files;

namespace CacheBackup.Local.Commands.Service;

/// <summary>The options of every command that speaks to a service: where it is, what lets us in, how to answer.</summary>
internal sealed class ServiceOptions
{
    private const string UrlVariable = "CACHE_BACKUP_URL";
    private const string TokenVariable = "CACHE_BACKUP_TOKEN";
    private const string DefaultUrl = "http://127.0.0.1:7070";
    private const int MaxTokenLength = 4096;

    private readonly Option<string?> _url = new("--url")
    {
        Description = $"The service's address. Default: {UrlVariable}, if set, or {DefaultUrl}.",
        HelpName = "url",
    };

    private readonly Option<string?> _tokenFile = new("--token-file")
    {
        Description = $"Read the token from this file, which only you may read. Default: {TokenVariable}, if set; on this machine ~/.cache-backup/token.",
        HelpName = "path",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Answer in JSON, as the service does, for programs." };

    public void AddTo(Command command)
    {
        command.Options.Add(_url);
        command.Options.Add(_tokenFile);
        command.Options.Add(_json);
    }

    public bool IsJson(ParseResult parsed) => parsed.GetValue(_json);

    /// <exception cref="BadUsageException">The address is none, or must not be sent a token, or there is no token.</exception>
    public ServiceApi Open(ParseResult parsed, ToolContext context)
    {
        Uri url = UrlOf(parsed.GetValue(_url) ?? context.ReadVariable(UrlVariable) ?? DefaultUrl);
        return new ServiceApi(new ServiceApiOptions
        {
            Url = url,
            Authorization = new BearerToken(TokenOf(url, parsed, context)),
            Time = context.Time,
            Tell = context.Console.Error.WriteLine,
            NewHandler = context.NewHandler,
        });
    }

    private static Uri UrlOf(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0
            || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw new BadUsageException($"A service is named as {DefaultUrl} or https://backup.example.com, with nothing but a path behind it.");
        }

        return url.Scheme == "https" || url.IsLoopback
            ? url
            : throw new BadUsageException($"The token would cross the network in clear text. Write https:// for {url.Host}.");
    }

    private Secret<string> TokenOf(Uri url, ParseResult parsed, ToolContext context)
    {
        if (parsed.GetValue(_tokenFile) is { } path)
        {
            return Read(path);
        }

        if (context.ReadVariable(TokenVariable) is { Length: > 0 } token)
        {
            return Checked(token.Trim(), TokenVariable);
        }

        string usual = Path.Combine(ServeCommand.DefaultDirectory(), "token");
        return url.IsLoopback && File.Exists(usual)
            ? Read(usual)
            : throw new BadUsageException($"A token is needed: name its file with --token-file (serve prints where it is), or put it into {TokenVariable}.");
    }

    private static Secret<string> Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        if (PrivateFile.IsOpenToOthers(file))
        {
            throw new BadUsageException($"{path} can be read by others: chmod 600 it.");
        }

        char[] buffer = new char[MaxTokenLength + 1];
        using StreamReader reader = new(file);
        int length = reader.ReadBlock(buffer);
        return Checked(new string(buffer, 0, length).Trim(), path);
    }

    private static Secret<string> Checked(string token, string source) =>
        token.Length is > 0 and <= MaxTokenLength && token.All(c => c is > ' ' and <= '~')
            ? new Secret<string>(token)
            : throw new BadUsageException($"{source} does not hold a token.");
}
