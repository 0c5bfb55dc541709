using System.Text;
using CacheBackup.Core.Model;

namespace CacheBackup.Local.Events;

/// <summary>
/// Splits a command into program and arguments. No shell reads it: spaces and tabs part arguments; single or double quotes hold what stands
/// between them together, also in the middle of an argument; every other character, backslash, dollar and star included, is itself.
/// </summary>
internal static class CommandLineText
{
    /// <exception cref="InvalidRequestException">It is empty, or a quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        List<string> arguments = [];
        StringBuilder argument = new();
        bool isBegun = false;
        char quote = '\0';
        foreach (char c in text)
        {
            if (quote != '\0')
            {
                quote = c == quote ? '\0' : quote;
                _ = quote == '\0' ? argument : argument.Append(c);
            }
            else if (c is '\'' or '"')
            {
                quote = c;
                isBegun = true;
            }
            else if (c is not (' ' or '\t'))
            {
                argument.Append(c);
                isBegun = true;
            }
            else if (isBegun)
            {
                arguments.Add(argument.ToString());
                argument.Clear();
                isBegun = false;
            }
        }

        if (quote != '\0')
        {
            throw new InvalidRequestException($"The command has a quote ({quote}) that is not closed.");
        }

        if (isBegun)
        {
            arguments.Add(argument.ToString());
        }

        return arguments is [{ Length: > 0 }, ..] ? arguments : throw new InvalidRequestException("The command is empty: name a program.");
    }
}
